// Contents out of git's object store, through one long-lived `git cat-file`; large ones as streams.
import { spawn } from "node:child_process";
import { Readable } from "node:stream";
import { GantryError } from "../../domain/errors.ts";
import { createByteReader } from "./byte-reader.ts";
import type { Git } from "./run-git.ts";

export interface Blobs {
  /** One at a time: a stream must be read to its end before the next. Throws `git-failed`. */
  read(oid: string): Promise<Buffer | Readable>;
  close(): void;
}

/** Above this many bytes a content is a stream. */
const WHOLE = 1_024 * 1_024;

export function openBlobs(git: Git): Blobs {
  const child = spawn("git", ["cat-file", "--batch"], {
    cwd: git.place.dir,
    env: git.place.env,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const kill = () => void child.kill("SIGKILL");
  git.signal.addEventListener("abort", kill, { once: true });
  child.on("error", () => {});
  child.stdin.on("error", () => {});
  const bytes = createByteReader(child.stdout);
  let reading = false;

  const broken = (): unknown =>
    git.signal.aborted
      ? git.signal.reason
      : new GantryError("git-failed", { reason: "a file in it can't be read: it is damaged" });

  /** Its bytes and the line end that follows them. */
  async function* pieces(size: number): AsyncGenerator<Buffer> {
    for (let left = size; left > 0; ) {
      const piece = await bytes.some(left);
      if (piece === null) throw broken();
      left -= piece.length;
      yield piece;
    }
    await bytes.take(1);
    reading = false;
  }

  return {
    async read(oid) {
      if (reading) throw new Error("the content before was not read to its end");
      git.signal.throwIfAborted();
      child.stdin.write(`${oid}\n`);
      const size = /^[0-9a-f]+ blob (\d+)$/.exec((await bytes.line()) ?? "")?.[1];
      if (size === undefined) throw broken();
      if (Number(size) > WHOLE) {
        reading = true;
        return Readable.from(pieces(Number(size)), { objectMode: false });
      }
      const content = await bytes.take(Number(size) + 1);
      if (content === null) throw broken();
      return content.subarray(0, -1);
    },
    close() {
      git.signal.removeEventListener("abort", kill);
      kill();
    },
  };
}
