// Reads the head of a request strictly: request line, header section, and what they say about the body.
import { NAME } from "./field-names.ts";
import { Fields, readFields } from "./header-fields.ts";
import { CR, INCOMPLETE, LF, Refusal, SPACE, TARGET, TOKEN } from "./http-syntax.ts";

/** A request as the edge understands it; everything in it has been checked. */
export class RequestHead {
  readonly method: string;
  /** Origin-form (`/path?query`) or `*`. */
  readonly target: string;
  /** 0 or 1 of HTTP/1.x. */
  readonly minor: number;
  /** As the client wrote it, port included. */
  readonly host: string;
  readonly fields: Fields;
  /** The lines for the app, Host among them. */
  readonly lines: string;

  constructor(method: string, target: string, minor: number, host: string, fields: Fields, lines: string) {
    this.method = method;
    this.target = target;
    this.minor = minor;
    this.host = host;
    this.fields = fields;
    this.lines = lines;
  }

  get hasBody(): boolean {
    return this.fields.chunked || this.fields.contentLength > 0;
  }

  /** May the connection serve another request (RFC 9112 section 9.3)? */
  get persists(): boolean {
    return !this.fields.close && (this.minor === 1 || this.fields.keepAlive);
  }

  /** The client asks to change the protocol (RFC 9110 section 7.8). */
  get asksUpgrade(): boolean {
    return this.minor === 1 && this.fields.upgrades && UPGRADE.test(this.fields.upgrade);
  }

  /** RFC 9110 section 9.2.2: sending it twice does no more than sending it once. */
  get idempotent(): boolean {
    return IDEMPOTENT.has(this.method);
  }
}

/** Protocol names; h2c would let a client speak past the edge's checks. */
const UPGRADE = /^(?!.*\bh2c?\b)[\w!#$%&'*+\-.^`|~/]+(?:, *[\w!#$%&'*+\-.^`|~/]+)*$/i;

const IDEMPOTENT = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);

const BAD_LINE = new Refusal(400, "the request line is malformed");
const BAD_VERSION = new Refusal(505, "only HTTP/1.0 and HTTP/1.1 are spoken here");
const BAD_HOST = new Refusal(400, "there must be one valid Host");
const BAD_TARGET = new Refusal(400, "the request target is malformed");
const BOTH_LENGTHS = new Refusal(400, "Content-Length and Transfer-Encoding exclude each other");
const OLD_CHUNKED = new Refusal(400, "HTTP/1.0 knows no Transfer-Encoding");
const BAD_EXPECT = new Refusal(417, "only 100-continue can be expected");
const NO_TUNNEL = new Refusal(405, "this method is not served here");

const DROPPED = new Uint8Array(16);
for (const meaning of [
  NAME.connection,
  NAME.transferEncoding,
  NAME.expect,
  NAME.upgrade,
  NAME.hop,
  NAME.forwarded,
  NAME.disguised,
])
  DROPPED[meaning] = 1;

/** RFC 9110 section 7.2 with RFC 3986's host and port: no user, no blanks. */
const HOST = /^(?:\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9._~!$&'()*+;=%-]{1,253})(?::\d{0,5})?$/;

const VERSION = Buffer.from(" HTTP/1.");

/** Reads a head that begins at `start`; returns INCOMPLETE while the end has not come, another Refusal when it is wrong. */
export function readRequestHead(bytes: Buffer, start: number, limit: number): RequestHead | Refusal {
  let position = start;
  while (position < limit && TOKEN[bytes[position] as number] === 1) position++;
  if (position >= limit) return INCOMPLETE;
  if (position === start || bytes[position] !== SPACE) return BAD_LINE;
  const targetStart = position + 1;
  position = targetStart;
  while (position < limit && TARGET[bytes[position] as number] === 1) position++;
  if (position + 11 > limit) return plausible(bytes, position, limit) ? INCOMPLETE : BAD_LINE;
  const targetEnd = position;
  if (targetEnd === targetStart || bytes[position + 9] !== CR || bytes[position + 10] !== LF)
    return badVersion(bytes, position);
  for (let index = 0; index < 8; index++)
    if (bytes[position + index] !== VERSION[index]) return badVersion(bytes, position);
  const minor = (bytes[position + 8] as number) - 48;
  if (minor !== 0 && minor !== 1) return BAD_VERSION;
  const fields = new Fields();
  const problem = readFields(bytes, position + 11, limit, DROPPED, fields);
  if (problem !== null) return problem;
  return finish(
    bytes.toString("latin1", start, targetStart - 1),
    bytes.toString("latin1", targetStart, targetEnd),
    minor,
    fields,
  );
}

const ANY_VERSION = Buffer.from(" HTTP/0.0\r\n");

/** Could what has come of the version still become one? Refusing early spares the sender the wait. */
function plausible(bytes: Buffer, position: number, limit: number): boolean {
  for (let index = position; index < limit; index++) {
    const expected = ANY_VERSION[index - position];
    const given = bytes[index] as number;
    if (expected === 48 ? given < 48 || given > 57 : given !== expected) return false;
  }
  return true;
}

const badVersion = (bytes: Buffer, position: number): Refusal =>
  /^ HTTP\/\d\.\d\r\n/.test(bytes.toString("latin1", position, position + 11)) ? BAD_VERSION : BAD_LINE;

function finish(method: string, target: string, minor: number, fields: Fields): RequestHead | Refusal {
  if (fields.hosts > 1 || (minor === 1 && fields.hosts === 0)) return BAD_HOST;
  if (fields.hosts === 1 && !HOST.test(fields.host)) return BAD_HOST;
  if (fields.chunked && minor === 0) return OLD_CHUNKED;
  if (fields.chunked && fields.contentLength !== -1) return BOTH_LENGTHS;
  if (method === "CONNECT" || method === "TRACE") return NO_TUNNEL;
  if (fields.expect !== "" && fields.expect !== "100-continue") return BAD_EXPECT;
  if (target.charCodeAt(0) === 47)
    return new RequestHead(method, target, minor, fields.host, fields, fields.kept);
  if (target === "*" && method === "OPTIONS")
    return new RequestHead(method, target, minor, fields.host, fields, fields.kept);
  return absolute(method, target, minor, fields);
}

/** RFC 9112 section 3.2.2: the authority of an absolute target is the host, whatever Host says. */
function absolute(method: string, target: string, minor: number, fields: Fields): RequestHead | Refusal {
  const match = /^https?:\/\/([^/?]*)(.*)$/i.exec(target);
  const host = match?.[1] ?? "";
  if (match === null || !HOST.test(host)) return BAD_TARGET;
  const rest = match[2] ?? "";
  const path = rest.startsWith("/") ? rest : rest === "" && method === "OPTIONS" ? "*" : `/${rest}`;
  const others = fields.kept.replace(/^host:[^\r\n]*\r\n/im, "");
  return new RequestHead(method, path, minor, host, fields, `Host: ${host}\r\n${others}`);
}
