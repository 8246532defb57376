// Reads a ZIP file for yauzl: its list of entries in large pieces, since it asks for a few bytes at a time.
import type { FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import { RandomAccessReader } from "yauzl";

const PIECE = 256 * 1_024;
const STREAM_PIECE = 64 * 1_024;

export class ZipReader extends RandomAccessReader {
  /** From here on to the end of the file it is read in large pieces. */
  listAt = Number.POSITIVE_INFINITY;
  #file: FileHandle;
  #piece: Buffer = Buffer.alloc(0);
  #pieceAt = 0;

  constructor(file: FileHandle) {
    super();
    this.#file = file;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    // Not the stream of the handle itself, which would have a listener on the handle for each entry.
    return rangeOf(this.#file, start, end);
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    // Never at once: yauzl is not ready for the answer before it has returned.
    this.#fill(buffer.subarray(offset, offset + length), position).then(
      () => callback(null),
      (error: Error) => callback(error),
    );
  }

  async #fill(target: Buffer, position: number): Promise<void> {
    if (position < this.listAt || target.length > PIECE) {
      if ((await this.#file.read(target, 0, target.length, position)).bytesRead < target.length)
        throw tooShort();
      return;
    }
    const from = position - this.#pieceAt;
    if (from < 0 || from + target.length > this.#piece.length) await this.#readPiece(position);
    const start = position - this.#pieceAt;
    if (this.#piece.copy(target, 0, start, start + target.length) < target.length) throw tooShort();
  }

  async #readPiece(position: number): Promise<void> {
    const piece = Buffer.allocUnsafe(PIECE);
    const { bytesRead } = await this.#file.read(piece, 0, PIECE, position);
    this.#piece = piece.subarray(0, bytesRead);
    this.#pieceAt = position;
  }
}

function rangeOf(file: FileHandle, start: number, end: number): Readable {
  let at = start;
  return new Readable({
    highWaterMark: STREAM_PIECE,
    read() {
      const piece = Buffer.allocUnsafe(Math.min(STREAM_PIECE, end - at));
      file.read(piece, 0, piece.length, at).then(
        ({ bytesRead }) => {
          at += bytesRead;
          this.push(bytesRead === 0 ? null : piece.subarray(0, bytesRead));
        },
        (error: Error) => this.destroy(error),
      );
    },
  });
}

const tooShort = (): Error => new Error("it ends too early");
