// Takes contents in: hashed while they come, written once, never whole in memory.
import { createHash } from "node:crypto";
import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { using } from "./disk.ts";
import type { Shelf } from "./shelf.ts";
import { createSpill } from "./spill.ts";

export type Content = Readable | Uint8Array | string;

interface Taken {
  hash: string;
  bytes: number;
}

/** New contents lie in `dir` until they are sealed; `held` gets the hashes of all, new or not. */
export class Intake {
  /** Contents that are new: hash → file in `dir`. */
  readonly staged = new Map<string, string>();
  readonly dir: string;
  #shelf: Shelf;
  #held: Set<string>;
  #streams = new Set<Readable>();
  #made: Promise<unknown> | undefined;
  #count = 0;

  constructor(shelf: Shelf, dir: string, held: Set<string>) {
    this.#shelf = shelf;
    this.dir = dir;
    this.#held = held;
  }

  /** `onBytes` is told of each piece before it is stored, and may throw. */
  async take(content: Content, onBytes: (bytes: number) => void): Promise<Taken> {
    if (typeof content === "string" || content instanceof Uint8Array) {
      const bytes = typeof content === "string" ? Buffer.from(content) : content;
      onBytes(bytes.length);
      return await this.#takeSmall(bytes);
    }
    this.#streams.add(content);
    try {
      return await this.#takeStream(content, onBytes);
    } finally {
      this.#streams.delete(content);
    }
  }

  /** Counts on a content that is stored already; false where it is not. */
  async hold(hash: string, bytes: number): Promise<boolean> {
    return await this.#shelf.gate.together(async () => {
      this.#held.add(hash);
      const facts = await stat(this.#shelf.places.object(hash)).catch(() => null);
      return facts?.isFile() === true && facts.size === bytes;
    });
  }

  /** Makes `dir`, which is there from the first new content on. */
  async prepare(): Promise<void> {
    this.#made ??= mkdir(this.dir, { recursive: true, mode: 0o700 });
    await this.#made;
  }

  /** Ends all that is being taken in, with this error. */
  stop(error: Error): void {
    for (const stream of this.#streams) stream.destroy(error);
  }

  async #newFile(): Promise<string> {
    await this.prepare();
    return join(this.dir, String(this.#count++));
  }

  async #takeSmall(content: Uint8Array): Promise<Taken> {
    const hash = createHash("sha256").update(content).digest("hex");
    const taken = { hash, bytes: content.length };
    if (this.staged.has(hash) || (await this.hold(hash, taken.bytes))) return taken;
    const path = await this.#newFile();
    if (this.staged.has(hash)) return taken;
    this.staged.set(hash, path);
    await using(path, "wx", (file) => file.writeFile(content));
    return taken;
  }

  async #takeStream(stream: Readable, onBytes: (bytes: number) => void): Promise<Taken> {
    const spill = createSpill(() => this.#newFile());
    try {
      for await (const piece of stream) {
        const bytes = typeof piece === "string" ? Buffer.from(piece) : (piece as Uint8Array);
        onBytes(bytes.length);
        await spill.write(bytes);
      }
    } finally {
      await spill.close();
    }
    const result = spill.result();
    if ("small" in result) return await this.#takeSmall(result.small);
    const { hash, bytes, path } = result;
    if (this.staged.has(hash) || (await this.hold(hash, bytes)) || this.staged.has(hash)) await rm(path);
    else this.staged.set(hash, path);
    return { hash, bytes };
  }
}
