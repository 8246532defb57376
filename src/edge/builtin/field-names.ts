// Tells the header fields that the edge has to know from all others, by their bytes and without building strings.
import { FOLDED } from "./http-syntax.ts";

/** What a field means to the edge. */
export const NAME = {
  other: 0,
  host: 1,
  connection: 2,
  contentLength: 3,
  transferEncoding: 4,
  expect: 5,
  upgrade: 6,
  /** Other fields that concern one connection only (RFC 9110 section 7.6.1). */
  hop: 7,
  /** What only a proxy may say of a client. */
  forwarded: 8,
  contentType: 9,
  accept: 10,
  /** A spelling with `_` that servers would take for a field that the edge decides on. */
  disguised: 11,
} as const;

const NAMES: Record<string, number> = {
  host: NAME.host,
  connection: NAME.connection,
  "content-length": NAME.contentLength,
  "transfer-encoding": NAME.transferEncoding,
  expect: NAME.expect,
  upgrade: NAME.upgrade,
  "keep-alive": NAME.hop,
  "proxy-connection": NAME.hop,
  te: NAME.hop,
  trailer: NAME.hop,
  "http2-settings": NAME.hop,
  proxy: NAME.hop,
  forwarded: NAME.forwarded,
  "x-real-ip": NAME.forwarded,
  "content-type": NAME.contentType,
  accept: NAME.accept,
};

const FORWARDED_PREFIX = Buffer.from("x-forwarded-");
const UNDERSCORE = 95;

interface Candidate {
  name: Uint8Array;
  meaning: number;
}

const BY_LENGTH: Candidate[][] = Array.from({ length: 18 }, () => []);
for (const [name, meaning] of Object.entries(NAMES))
  BY_LENGTH[name.length]?.push({ name: Buffer.from(name), meaning });

/** The meaning of the field name at `bytes[start..end)`, one of `NAME`. */
export function identify(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const first = FOLDED[bytes[start] as number] as number;
  if (first === 120 && length > 12 && begins(bytes, start, FORWARDED_PREFIX)) return NAME.forwarded;
  const candidates = BY_LENGTH[length];
  if (candidates === undefined) return NAME.other;
  for (let index = 0; index < candidates.length; index++) {
    const candidate = candidates[index] as Candidate;
    if (candidate.name[0] === first && begins(bytes, start, candidate.name))
      return hasUnderscore(bytes, start, end) ? NAME.disguised : candidate.meaning;
  }
  return NAME.other;
}

function begins(bytes: Uint8Array, start: number, name: Uint8Array): boolean {
  for (let index = 0; index < name.length; index++)
    if (FOLDED[bytes[start + index] as number] !== name[index]) return false;
  return true;
}

function hasUnderscore(bytes: Uint8Array, start: number, end: number): boolean {
  for (let index = start; index < end; index++) if (bytes[index] === UNDERSCORE) return true;
  return false;
}
