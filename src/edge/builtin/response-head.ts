// Reads the head of an app's answer as strictly as a request's.
import { NAME } from "./field-names.ts";
import { Fields, readFields } from "./header-fields.ts";
import { CR, FIELD, INCOMPLETE, LF, Refusal, SPACE } from "./http-syntax.ts";

/** An answer's head; everything in it has been checked. */
export class ResponseHead {
  readonly status: number;
  /** 0 or 1 of HTTP/1.x. */
  readonly minor: number;
  readonly reason: string;
  readonly fields: Fields;

  constructor(status: number, minor: number, reason: string, fields: Fields) {
    this.status = status;
    this.minor = minor;
    this.reason = reason;
    this.fields = fields;
  }

  /** The app lets the connection be used again (RFC 9112 section 9.3). */
  get persists(): boolean {
    return !this.fields.close && (this.minor === 1 || this.fields.keepAlive);
  }

  get isEventStream(): boolean {
    return /^text\/event-stream\b/i.test(this.fields.contentType);
  }
}

const DROPPED = new Uint8Array(16);
for (const meaning of [NAME.connection, NAME.transferEncoding, NAME.upgrade, NAME.hop]) DROPPED[meaning] = 1;

const BAD_LINE = new Refusal(502, "its status line is malformed");
const BOTH_LENGTHS = new Refusal(502, "it gives both Content-Length and Transfer-Encoding");
const OLD_CHUNKED = new Refusal(502, "HTTP/1.0 knows no Transfer-Encoding");
const VERSION = Buffer.from("HTTP/1.");

/**
 * Reads a head at the beginning of `bytes` (RFC 9112 section 4). Returns INCOMPLETE while its end has not come. The blank
 * before an empty reason may be missing: many servers leave it out, and nothing hangs on it.
 */
export function readResponseHead(bytes: Buffer, start: number, limit: number): ResponseHead | Refusal {
  if (limit - start < 14) return INCOMPLETE;
  for (let index = 0; index < 7; index++) if (bytes[start + index] !== VERSION[index]) return BAD_LINE;
  const minor = (bytes[start + 7] as number) - 48;
  if ((minor !== 0 && minor !== 1) || bytes[start + 8] !== SPACE) return BAD_LINE;
  const status = digits(bytes, start + 9);
  let position = start + 12;
  if (status < 100 || (bytes[position] !== SPACE && bytes[position] !== CR)) return BAD_LINE;
  if (bytes[position] === SPACE) position++;
  const reasonStart = position;
  while (position < limit && FIELD[bytes[position] as number] === 1) position++;
  if (position + 1 >= limit) return position < limit && bytes[position] !== CR ? BAD_LINE : INCOMPLETE;
  if (bytes[position] !== CR || bytes[position + 1] !== LF) return BAD_LINE;
  const fields = new Fields();
  const problem = readFields(bytes, position + 2, limit, DROPPED, fields);
  if (problem !== null) return problem;
  if (fields.chunked && fields.contentLength !== -1) return BOTH_LENGTHS;
  if (fields.chunked && minor === 0) return OLD_CHUNKED;
  return new ResponseHead(status, minor, bytes.toString("latin1", reasonStart, position), fields);
}

function digits(bytes: Buffer, start: number): number {
  let value = 0;
  for (let index = start; index < start + 3; index++) {
    const digit = (bytes[index] as number) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
