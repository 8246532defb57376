// From the words of the command line to the command that they name: a verb, or a noun and its verb.
import type { CommandEntry } from "./command.ts";
import { COMMANDS, EXPANSIONS, LATER } from "./commands/index.ts";
import { Failure } from "./failure.ts";
import { NOUNS } from "./nouns.ts";
import { suggest } from "./suggest.ts";

export interface FoundCommand {
  entry: CommandEntry;
  /** All other words, with those that an alias stands for. */
  rest: string[];
}

/** A noun whose verb is not named. */
export interface FoundNoun {
  noun: string;
  entries: CommandEntry[];
}

const isWord = (word: string): boolean => !word.startsWith("-");

/** Throws a `usage` failure for what is no command. `words[at]` is the verb or noun. */
export function findCommand(words: string[], at: number): FoundCommand | FoundNoun {
  const first = words[at] ?? "";
  const entries = COMMANDS.filter(({ name }) => name.startsWith(`${first} `));
  if (entries.length === 0) {
    const rest = [...words.slice(0, at), ...(EXPANSIONS[first] ?? []), ...words.slice(at + 1)];
    return { entry: findVerb(first), rest };
  }
  const next = words.findIndex((word, index) => index > at && isWord(word));
  if (next < 0) return { noun: first, entries };
  const verb = words[next] ?? "";
  const entry = entries.find(({ name }) => name === `${first} ${verb}`);
  if (entry === undefined) throw unknown(`${first} ${verb}`, entries);
  return { entry, rest: words.filter((_, index) => index !== at && index !== next) };
}

/** What to say of a noun alone. */
export const verbMissing = ({ noun, entries }: FoundNoun): Failure =>
  new Failure("usage", `${noun} needs one of ${verbs(entries).join(", ")}`, {
    code: "missing-argument",
    hint: `See gantry ${noun} --help.`,
  });

function findVerb(verb: string): CommandEntry {
  const found = COMMANDS.find(({ name, aliases }) => name === verb || aliases.includes(verb));
  if (found) return found;
  if (LATER.has(verb)) {
    throw new Failure("usage", `${verb} is not part of this version`, {
      code: "not-built",
      hint: "gantry --help shows what is.",
    });
  }
  throw unknown(verb, COMMANDS);
}

const verbs = (entries: CommandEntry[]): string[] => entries.map(({ name }) => name.split(" ")[1] ?? "");

function unknown(typed: string, entries: CommandEntry[]): Failure {
  const names = entries.flatMap(({ name, aliases }) => [name, ...aliases]);
  const near = suggest(typed, [...names, ...Object.keys(NOUNS)]);
  return new Failure("usage", `There is no command ${JSON.stringify(typed)}`, {
    code: "unknown-command",
    hint: near ? `Did you mean gantry ${near}?` : "gantry --help shows all.",
  });
}
