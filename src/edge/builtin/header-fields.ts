// Reads the header section of a request or response strictly and keeps what may be forwarded.
import { identify, NAME } from "./field-names.ts";
import { COLON, CR, FIELD, INCOMPLETE, LF, MAX_FIELDS, Refusal, SPACE, TAB, TOKEN } from "./http-syntax.ts";

/** What a header section says about its message. */
export class Fields {
  /** Bytes of the body, -1 where the message does not say. */
  contentLength = -1;
  chunked = false;
  hosts = 0;
  host = "";
  close = false;
  keepAlive = false;
  /** `Connection: upgrade` was there. */
  upgrades = false;
  upgrade = "";
  expect = "";
  accept = "";
  contentType = "";
  /** Lower-case names that Connection lists beside the usual ones; they go no further either. */
  listed: string[] | null = null;
  /** The lines that may be forwarded, each with its line end. */
  kept = "";
  /** Nothing had to be left out: `kept` is the section as it came. */
  untouched = true;
  /** Position after the empty line that ends the section. */
  end = 0;
}

const BAD_NAME = new Refusal(400, "a header name is malformed");
const BAD_VALUE = new Refusal(400, "a header value holds a forbidden character");
const TOO_MANY = new Refusal(431, `there are more than ${MAX_FIELDS} headers`);
const BAD_LENGTH = new Refusal(400, "Content-Length is not one whole number");
const BAD_CODING = new Refusal(400, "Transfer-Encoding can only be chunked");
const UNKNOWN_CODING = new Refusal(501, "this Transfer-Encoding is not supported");

/**
 * Reads `bytes[start..limit)` as field lines (RFC 9112 section 5) up to and with the empty line. No folding, no blank
 * before the colon, no bare CR or LF. `drop[meaning]` says what is not kept. Returns what is wrong, or null.
 */
export function readFields(
  bytes: Buffer,
  start: number,
  limit: number,
  drop: Uint8Array,
  fields: Fields,
): Refusal | null {
  let position = start;
  let runStart = start;
  for (let count = 0; ; count++) {
    if (position >= limit) return INCOMPLETE;
    if (bytes[position] === CR) break;
    if (count === MAX_FIELDS) return TOO_MANY;
    const lineStart = position;
    while (position < limit && TOKEN[bytes[position] as number] === 1) position++;
    if (position >= limit) return INCOMPLETE;
    if (bytes[position] !== COLON || position === lineStart) return BAD_NAME;
    const nameEnd = position++;
    while (position < limit && FIELD[bytes[position] as number] === 1) position++;
    if (position + 1 >= limit) return position < limit && bytes[position] !== CR ? BAD_VALUE : INCOMPLETE;
    if (bytes[position] !== CR || bytes[position + 1] !== LF) return BAD_VALUE;
    const meaning = identify(bytes, lineStart, nameEnd);
    if (meaning !== NAME.other) {
      const problem = take(fields, meaning, bytes, nameEnd + 1, position);
      if (problem !== null) return problem;
      if (drop[meaning] === 1) {
        if (runStart < lineStart) fields.kept += bytes.toString("latin1", runStart, lineStart);
        runStart = position + 2;
        fields.untouched = false;
      }
    }
    position += 2;
  }
  if (position + 1 >= limit) return INCOMPLETE;
  if (bytes[position + 1] !== LF) return BAD_NAME;
  if (runStart < position) fields.kept += bytes.toString("latin1", runStart, position);
  if (fields.listed !== null) dropListed(fields, fields.listed);
  fields.end = position + 2;
  return null;
}

function take(fields: Fields, meaning: number, bytes: Buffer, from: number, to: number): Refusal | null {
  let [start, end] = [from, to];
  while (start < end && isBlank(bytes[start])) start++;
  while (end > start && isBlank(bytes[end - 1])) end--;
  if (meaning === NAME.hop || meaning === NAME.forwarded || meaning === NAME.disguised) return null;
  const value = bytes.toString("latin1", start, end);
  if (meaning === NAME.host) {
    fields.hosts++;
    fields.host = value;
  } else if (meaning === NAME.contentLength) return takeLength(fields, value);
  else if (meaning === NAME.transferEncoding) return takeCoding(fields, value);
  else if (meaning === NAME.connection) takeConnection(fields, value.toLowerCase());
  else if (meaning === NAME.upgrade)
    fields.upgrade = fields.upgrade === "" ? value : `${fields.upgrade}, ${value}`;
  else if (meaning === NAME.expect) fields.expect = fields.expect === "" ? value.toLowerCase() : "several";
  else if (meaning === NAME.accept) fields.accept = value;
  else fields.contentType = value;
  return null;
}

const isBlank = (code: number | undefined): boolean => code === SPACE || code === TAB;

/** RFC 9112 section 6.3: a length that is given twice or is no plain number makes the framing unsure. */
function takeLength(fields: Fields, value: string): Refusal | null {
  if (fields.contentLength !== -1 || !/^\d{1,15}$/.test(value)) return BAD_LENGTH;
  fields.contentLength = Number(value);
  return null;
}

/** RFC 9112 section 6.1: `chunked`, once. */
function takeCoding(fields: Fields, value: string): Refusal | null {
  if (fields.chunked) return BAD_CODING;
  const coding = value.toLowerCase();
  if (coding !== "chunked")
    return /^((x-)?gzip|deflate|(x-)?compress)[ \t]*,[ \t]*chunked$/.test(coding)
      ? UNKNOWN_CODING
      : BAD_CODING;
  fields.chunked = true;
  return null;
}

function takeConnection(fields: Fields, value: string): void {
  if (value === "keep-alive") fields.keepAlive = true;
  else if (value === "close") fields.close = true;
  else
    for (const part of value.split(",")) {
      const option = part.trim();
      if (option === "keep-alive") fields.keepAlive = true;
      else if (option === "close") fields.close = true;
      else if (option === "upgrade") fields.upgrades = true;
      else if (option !== "" && !NEVER_LISTED.has(option)) fields.listed = [...(fields.listed ?? []), option];
    }
}

/** Naming these in Connection does not take them away: they are for the app or decide on the framing. */
const NEVER_LISTED = new Set([
  "host",
  "content-length",
  "content-type",
  "cookie",
  "authorization",
  "set-cookie",
]);

function dropListed(fields: Fields, listed: string[]): void {
  const names = new Set(listed);
  const lines = fields.kept.split("\r\n").slice(0, -1);
  const kept = lines.filter((line) => !names.has(line.slice(0, line.indexOf(":")).toLowerCase()));
  if (kept.length === lines.length) return;
  fields.untouched = false;
  fields.kept = kept.map((line) => `${line}\r\n`).join("");
}
