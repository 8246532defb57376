// Words of the form KEY=value.
import { Failure } from "./failure.ts";

/** Splits at the first `=`. Throws a `usage` failure that names the word. */
export function keyValue(word: string): [key: string, value: string] {
  const at = word.indexOf("=");
  if (at < 1) {
    throw new Failure("usage", `${JSON.stringify(word)} is not of the form key=value`, {
      code: "invalid-argument",
    });
  }
  return [word.slice(0, at), word.slice(at + 1)];
}

export const keyValues = (words: string[]): Record<string, string> => Object.fromEntries(words.map(keyValue));
