// Takes the body out of a message's bytes: by length, chunk by chunk, or up to the end of the connection.
import { CR, FIELD, HEX, LF } from "./http-syntax.ts";

/** Gets each piece of a body's data: `bytes[start..end)`. */
export type BodySink = (bytes: Buffer, start: number, end: number) => void;

export interface BodyDecoder {
  /** The whole body has been seen. */
  readonly done: boolean;
  /** Uses `bytes[start..end)`; returns the position after the last byte that belongs to the body, -1 if it is malformed. */
  feed(bytes: Buffer, start: number, end: number, sink: BodySink): number;
}

/** A body of a known number of bytes (RFC 9112 section 6.2). */
export class LengthDecoder implements BodyDecoder {
  private remaining: number;

  constructor(length: number) {
    this.remaining = length;
  }

  get done(): boolean {
    return this.remaining === 0;
  }

  feed(bytes: Buffer, start: number, end: number, sink: BodySink): number {
    const stop = Math.min(end, start + this.remaining);
    this.remaining -= stop - start;
    if (stop > start) sink(bytes, start, stop);
    return stop;
  }
}

/** A body that ends with its connection (RFC 9112 section 6.3, rule 8). */
export class CloseDecoder implements BodyDecoder {
  readonly done = false;

  feed(bytes: Buffer, start: number, end: number, sink: BodySink): number {
    if (end > start) sink(bytes, start, end);
    return end;
  }
}

const MAX_EXTENSION = 1024;
const MAX_TRAILER = 8 * 1024;
/** 2^52 is far more than anybody sends, and exact in a double. */
const MAX_SIZE_DIGITS = 13;

type Step =
  | "size"
  | "extension"
  | "size-lf"
  | "data"
  | "data-cr"
  | "data-lf"
  | "trailer"
  | "trailer-lf"
  | "end-lf"
  | "done";

/**
 * A chunked body (RFC 9112 section 7.1). Sizes are plain hexadecimal digits; extensions and trailers are read, bounded
 * over the whole message, and dropped (sections 7.1.1 and 7.1.2 allow it).
 */
export class ChunkedDecoder implements BodyDecoder {
  private step: Step = "size";
  private size = 0;
  private digits = 0;
  private extension = 0;
  private trailer = 0;
  private lineLength = 0;

  get done(): boolean {
    return this.step === "done";
  }

  feed(bytes: Buffer, start: number, end: number, sink: BodySink): number {
    let position = start;
    while (position < end && this.step !== "done") {
      if (this.step === "data") {
        const stop = Math.min(end, position + this.size);
        sink(bytes, position, stop);
        this.size -= stop - position;
        position = stop;
        if (this.size === 0) this.step = "data-cr";
      } else if (!this.take(bytes[position++] as number)) return -1;
    }
    return position;
  }

  private take(code: number): boolean {
    switch (this.step) {
      case "size":
        return this.takeSize(code);
      case "extension":
        if (code === CR) return this.go("size-lf");
        return FIELD[code] === 1 && ++this.extension <= MAX_EXTENSION;
      case "size-lf":
        if (code !== LF) return false;
        this.digits = 0;
        return this.go(this.size === 0 ? "trailer" : "data");
      case "data-cr":
        return code === CR && this.go("data-lf");
      case "data-lf":
        return code === LF && this.go("size");
      case "trailer":
        return this.takeTrailer(code);
      case "trailer-lf":
        this.lineLength = 0;
        return code === LF && this.go("trailer");
      default:
        return code === LF && this.go("done");
    }
  }

  private go(step: Step): boolean {
    this.step = step;
    return true;
  }

  private takeSize(code: number): boolean {
    const digit = HEX[code] as number;
    if (digit !== 255) {
      this.size = this.size * 16 + digit;
      return ++this.digits <= MAX_SIZE_DIGITS;
    }
    if (this.digits === 0) return false;
    if (code === CR) return this.go("size-lf");
    return code === 59 && this.go("extension");
  }

  private takeTrailer(code: number): boolean {
    if (code === CR) return this.go(this.lineLength === 0 ? "end-lf" : "trailer-lf");
    this.lineLength++;
    return FIELD[code] === 1 && ++this.trailer <= MAX_TRAILER;
  }
}
