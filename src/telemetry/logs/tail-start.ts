// Where the last lines of a log file begin: read backwards from the end, a few blocks for a hundred lines.
import { open } from "node:fs/promises";
import { PIECE_BYTES } from "./line-reader.ts";
import type { LogFile } from "./log-file.ts";

const LINE_END = 10;

/**
 * Offset at which the last `count` lines in front of `end` begin; an unfinished last line counts. 0 gives the end of the last complete
 * line. Offset 0 also stands for a freed head: the reader goes to the first whole line. Long lines count by their pieces, exactly as LineReader splits them.
 */
export async function tailStart(file: LogFile, end: number, count: number): Promise<number> {
  const handle = await open(file.path, "r");
  try {
    const starts = new Starts(end, count);
    const block = Buffer.allocUnsafe(PIECE_BYTES);
    let from = Math.floor(Math.max(0, end - 1) / PIECE_BYTES) * PIECE_BYTES;
    for (let to = end; to > file.first && !starts.done; to = from, from -= PIECE_BYTES) {
      const low = Math.max(from, file.first);
      const { base } = file;
      const { bytesRead } = await handle.read(block, 0, to - low, low - base);
      if (file.base !== base || low < file.first) return 0;
      starts.block(block.subarray(0, bytesRead), low);
    }
    return starts.result ?? 0;
  } finally {
    await handle.close();
  }
}

/** Counts beginnings of lines and pieces from right to left. */
class Starts {
  result: number | undefined;
  #left: number;
  /** End of the line that is being passed (exclusive, without its line end). */
  #lineEnd: number;
  /** A multiple inside of that line, which is a cut only if the line turns out to be long. */
  #maybeCut: number | undefined;
  #first = true;

  constructor(end: number, count: number) {
    this.#lineEnd = end;
    this.#left = count;
  }

  get done(): boolean {
    return this.result !== undefined;
  }

  block(bytes: Buffer, low: number): void {
    let from = bytes.length - 1;
    while (!this.done && from >= 0) {
      const found = bytes.lastIndexOf(LINE_END, from);
      if (found === -1) break;
      this.#lineStart(low + found + 1);
      this.#lineEnd = low + found;
      from = found - 1;
    }
    if (!this.done && low < this.#lineEnd && low % PIECE_BYTES === 0) this.#multiple(low);
  }

  #lineStart(start: number): void {
    if (this.#maybeCut !== undefined && this.#lineEnd - start > PIECE_BYTES) this.#count(this.#maybeCut);
    this.#maybeCut = undefined;
    // Directly behind the end there is no line when the file ends with a line end.
    if (this.#first && start === this.#lineEnd) {
      this.#first = false;
      if (this.#left === 0) this.result = start;
      return;
    }
    this.#first = false;
    this.#count(start);
  }

  #multiple(offset: number): void {
    if (this.#lineEnd - offset <= PIECE_BYTES) {
      this.#maybeCut = offset;
      return;
    }
    if (this.#maybeCut !== undefined) this.#count(this.#maybeCut);
    this.#maybeCut = undefined;
    this.#count(offset);
  }

  #count(start: number): void {
    if (this.done) return;
    this.#left--;
    if (this.#left <= 0) this.result = start;
  }
}
