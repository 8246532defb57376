// The characters and limits of HTTP/1.1 as the edge accepts them, as tables for the byte loops of the parsers.

export const CR = 13;
export const LF = 10;
export const SPACE = 32;
export const TAB = 9;
export const COLON = 58;

const table = (accepts: (code: number) => boolean): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, code) => (accepts(code) ? 1 : 0));

/** RFC 9110 section 5.6.2: characters of a token. */
export const TOKEN = table((code) => /[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(String.fromCharCode(code)));

/** RFC 9110 section 5.5: characters of a field value, blanks included; no other control character. */
export const FIELD = table((code) => code === TAB || (code >= SPACE && code !== 127));

/** Visible ASCII without `#`: a request target (RFC 9112 section 3.2) never holds a fragment. */
export const TARGET = table((code) => code > SPACE && code < 127 && code !== 35);

/** Value of a hexadecimal digit, 255 for every other byte. */
export const HEX = Uint8Array.from({ length: 256 }, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(digit) ? 255 : digit;
});

/** ASCII lower case with `_` read as `-`: CGI and WSGI see both as one name. */
export const FOLDED = Uint8Array.from({ length: 256 }, (_, code) =>
  code >= 65 && code <= 90 ? code + 32 : code === 95 ? 45 : code,
);

/** Bytes of a request's head, bytes of a response's head, header lines of either. */
export const MAX_REQUEST_HEAD = 16 * 1024;
export const MAX_RESPONSE_HEAD = 48 * 1024;
export const MAX_FIELDS = 100;

/** Why a message is refused, and with which status a client hears of it. */
export class Refusal {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string) {
    this.status = status;
    this.reason = reason;
  }
}

/** The message is fine so far but its head has not arrived as a whole. */
export const INCOMPLETE = new Refusal(0, "incomplete");
