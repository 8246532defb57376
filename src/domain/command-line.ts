// A command line as its owner wrote it, in words.
import { wordsOrNull } from "./split-words.ts";

export interface CommandLine {
  /** As it was written. */
  text: string;
  /** The words; null when only a shell can read it. */
  words: string[] | null;
  /** Leading `NAME=value` words. */
  env: Record<string, string>;
}

/** The words of a command line (null when only a shell can read it) and its leading `NAME=value` words. */
export function readCommand(text: string): CommandLine {
  const words = wordsOrNull(text);
  const env: Record<string, string> = {};
  while (words !== null && words.length > 1) {
    const match = /^([A-Za-z_]\w*)=(.*)$/s.exec(words[0] ?? "");
    if (!match?.[1]) break;
    env[match[1]] = match[2] ?? "";
    words.shift();
  }
  return { text, words, env };
}
