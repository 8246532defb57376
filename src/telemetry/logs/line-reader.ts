// Complete lines of one log file, forwards from an offset; never a byte of a freed head, never a line twice.
import { type FileHandle, open } from "node:fs/promises";
import type { LogFile } from "./log-file.ts";

/** Longer lines are split at multiples of this (also of the file's offsets, so that every reader splits alike). */
export const PIECE_BYTES = 65_536;
const CHUNK_BYTES = 4 * PIECE_BYTES;
const LINE_END = 10;
const RETURN = 13;

export interface Piece {
  text: string;
  /** Offset just behind it: where to go on. */
  end: number;
}

export class LineReader {
  readonly file: LogFile;
  /** Where the next line begins. */
  position: number;
  #handle: FileHandle | undefined;
  #buffer: Buffer | undefined;

  constructor(file: LogFile, position: number) {
    this.file = file;
    this.position = position;
  }

  /**
   * The next complete lines in front of `limit`, at most about 256 kB of them; none when there is no complete line. With `final`, what
   * is left in front of `limit` counts as a line. A head that was freed meanwhile is skipped up to the next whole line.
   */
  async next(limit: number, final = false): Promise<Piece[]> {
    for (;;) {
      if (this.position < this.file.first) {
        this.position = await this.#wholeLineAfter(this.file.first, limit);
        continue;
      }
      const { position } = this;
      if (position >= limit) return [];
      const bytes = await this.#read(position, Math.min(limit, position + CHUNK_BYTES));
      if (bytes === undefined) continue;
      const { pieces, end } = split(bytes, position, final && position + bytes.length >= limit);
      this.position = end;
      return pieces;
    }
  }

  /** Frees the descriptor until the next use. */
  async rest(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    this.#buffer = undefined;
    await handle?.close();
  }

  /** Bytes from `start`, or undefined when they were freed while being read. */
  async #read(start: number, end: number): Promise<Buffer | undefined> {
    this.#handle ??= await open(this.file.path, "r");
    this.#buffer ??= Buffer.allocUnsafe(CHUNK_BYTES);
    // The head may have been freed while the file was opened, and while it was read.
    if (start < this.file.first) return undefined;
    const { base } = this.file;
    const { bytesRead } = await this.#handle.read(this.#buffer, 0, end - start, start - base);
    if (this.file.base !== base || start < this.file.first) return undefined;
    return this.#buffer.subarray(0, bytesRead);
  }

  /** The head was freed up to `first`, somewhere inside of a line: that line is skipped, unless it is an endless one. */
  async #wholeLineAfter(first: number, limit: number): Promise<number> {
    // Byte 0 of a file is always the beginning of a line, also after a truncation.
    if (limit <= first || first === this.file.base) return first;
    const bytes = await this.#read(first, Math.min(limit, first + PIECE_BYTES));
    if (bytes === undefined) return this.position;
    const end = bytes.indexOf(LINE_END);
    return end === -1 ? first : first + end + 1;
  }
}

function split(bytes: Buffer, start: number, final: boolean): { pieces: Piece[]; end: number } {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < bytes.length) {
    const lineEnd = bytes.indexOf(LINE_END, at);
    const textEnd = lineEnd === -1 ? bytes.length : lineEnd;
    if (textEnd - at > PIECE_BYTES) {
      const cut = nextMultiple(start + at) - start;
      pieces.push({ text: bytes.toString("utf8", at, cut), end: start + cut });
      at = cut;
    } else if (lineEnd !== -1) {
      const shown = lineEnd > at && bytes[lineEnd - 1] === RETURN ? lineEnd - 1 : lineEnd;
      pieces.push({ text: bytes.toString("utf8", at, shown), end: start + lineEnd + 1 });
      at = lineEnd + 1;
    } else if (final) {
      pieces.push({ text: bytes.toString("utf8", at), end: start + bytes.length });
      at = bytes.length;
    } else break;
  }
  return { pieces, end: start + at };
}

export const nextMultiple = (offset: number): number => (Math.floor(offset / PIECE_BYTES) + 1) * PIECE_BYTES;
