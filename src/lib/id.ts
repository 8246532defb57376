// Short, sortable, unguessable enough ids.
import { randomBytes } from "node:crypto";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
let last = 0;

/** `prefix_` + 9 characters of time (milliseconds, sorts) + 8 random ones, all lower case. */
export function newId(prefix: string, now: number = Date.now()): string {
  last = Math.max(last + 1, now);
  let time = "";
  for (let rest = last; time.length < 9; rest = Math.floor(rest / 32)) time = ALPHABET[rest % 32] + time;
  let random = "";
  for (const byte of randomBytes(8)) random += ALPHABET[byte & 31];
  return `${prefix}_${time}${random}`;
}
