// A command line split into words as a POSIX shell does, with nothing expanded.
import { GantryError } from "./errors.ts";

/**
 * Words of `line`: blanks separate, '…' is literal, "…" knows \" \\ \$ \`, a backslash outside quotes keeps the next character.
 * `$NAME` stays as it is. Throws `invalid-input` for an unclosed quote.
 */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  const token = /\s+|'([^']*)'|"([^"\\]*(?:\\[\s\S][^"\\]*)*)"|\\([\s\S])|[^\s'"\\]+|(['"\\])/g;
  let word: string | undefined;
  for (const [whole, literal, quoted, escaped, open] of line.matchAll(token)) {
    if (open !== undefined)
      throw new GantryError("invalid-input", { reason: "the command line has an unclosed quote" });
    if (literal !== undefined) word = (word ?? "") + literal;
    else if (quoted !== undefined) word = (word ?? "") + quoted.replaceAll(/\\(["\\$`])/g, "$1");
    else if (escaped !== undefined) word = (word ?? "") + escaped;
    else if (!/^\s/.test(whole)) word = (word ?? "") + whole;
    else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** One line that `splitWords` splits into exactly `words`. */
export const joinWords = (words: readonly string[]): string =>
  words
    .map((word) => (/^[\w@%+=:,./$-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(" ");
