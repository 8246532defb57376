// Collects the head of a client's next request, also when it comes byte by byte.
import { CR, INCOMPLETE, LF, MAX_REQUEST_HEAD, Refusal } from "./http-syntax.ts";
import { type RequestHead, readRequestHead } from "./request-head.ts";

const HEAD_END = "\r\n\r\n";
const TOO_LARGE = new Refusal(431, "its head is too large");

export class RequestReader {
  /** Bytes that have been looked at without finding the end of the head. */
  private searched = 0;

  /** The request at the beginning of `bytes`, INCOMPLETE (give all bytes again, with more), or why it is refused. */
  read(bytes: Buffer): RequestHead | Refusal {
    if (this.searched > 0 && !this.worthReading(bytes)) return this.more(bytes);
    const start = skipEmptyLines(bytes);
    const request = readRequestHead(bytes, start, bytes.length);
    if (request === INCOMPLETE) return bytes.length - start > MAX_REQUEST_HEAD ? TOO_LARGE : this.more(bytes);
    this.searched = 0;
    if (!(request instanceof Refusal) && request.fields.end - start > MAX_REQUEST_HEAD) return TOO_LARGE;
    return request;
  }

  private more(bytes: Buffer): Refusal {
    this.searched = bytes.length;
    return INCOMPLETE;
  }

  /** Single bytes must not cost a full parse each: only an end, a wrong line end or too many bytes are worth one. */
  private worthReading(bytes: Buffer): boolean {
    const lf = bytes.indexOf(LF, this.searched);
    const bare = lf > 0 && bytes[lf - 1] !== CR;
    return (
      bare || bytes.length > MAX_REQUEST_HEAD || bytes.includes(HEAD_END, Math.max(0, this.searched - 3))
    );
  }
}

/** RFC 9112 section 2.2: an empty line or two before the request line are ignored. */
function skipEmptyLines(bytes: Buffer): number {
  let start = 0;
  while (start < 4 && bytes[start] === CR && bytes[start + 1] === LF) start += 2;
  return start;
}
