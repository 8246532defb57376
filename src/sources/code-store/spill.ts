// Hashes a content while it comes, and keeps it: in memory while it is small, in a file once it is more.
import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";

/** Contents up to this many bytes stay in memory. */
const SMALL = 64 * 1_024;

export interface Spill {
  write(piece: Uint8Array): Promise<void>;
  /** Closes the file, if any. */
  close(): Promise<void>;
  /** Of what was written; small: the bytes themselves, otherwise the file that they are in. */
  result(): { small: Buffer } | { path: string; hash: string; bytes: number };
}

/** `newFile` gives the path of a file that is not there yet. */
export function createSpill(newFile: () => Promise<string>): Spill {
  const hash = createHash("sha256");
  let small: Uint8Array[] = [];
  let bytes = 0;
  let file: { path: string; handle: FileHandle } | null = null;
  return {
    async write(piece) {
      bytes += piece.length;
      small.push(piece);
      if (bytes <= SMALL) return;
      if (file === null) {
        const path = await newFile();
        file = { path, handle: await open(path, "wx", 0o600) };
      }
      const ready = small;
      small = [];
      for (const each of ready) {
        hash.update(each);
        await file.handle.writeFile(each);
      }
    },
    async close() {
      await file?.handle.close();
    },
    result: () =>
      file === null ? { small: Buffer.concat(small) } : { path: file.path, hash: hash.digest("hex"), bytes },
  };
}
