// Names in a sentence: not more than one reads.
import { harmless } from "../lib/harmless-text.ts";

const SHOWN = 10;

/** `a, b, c`; of many the first ten, and how many more there are. */
export function fewNames(names: readonly string[]): string {
  const more = names.length - SHOWN;
  // "and 1 more" is longer than the name.
  if (more <= 1) return harmless(names.join(", "));
  return `${harmless(names.slice(0, SHOWN).join(", "))} and ${more} more`;
}
