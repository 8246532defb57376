// What a command is: a value from which parsing, help, completion and the reference are made.
import "./core.ts";
import type { Session } from "./session.ts";

interface Described {
  /** Half a sentence, without a full stop. */
  summary: string;
  /** One letter. */
  short?: string;
}

export type OptionSpec =
  | (Described & { type: "flag" })
  /** `value` is the placeholder in help texts. */
  | (Described & { type: "text"; value: string; choices?: string[]; complete?: Completion })
  /** May be given several times. */
  | (Described & { type: "texts"; value: string })
  | (Described & { type: "number"; value: string; min: number; max: number })
  /** `10m`, `2h` before now, or a date in ISO 8601; arrives as epoch milliseconds. */
  | (Described & { type: "moment"; value: string });

export type Options = Record<string, OptionSpec>;

/** What the shell offers for an argument. */
export type Completion = "app" | "path" | "shell" | "template";

export interface ArgumentSpec {
  name: string;
  summary: string;
  required?: boolean;
  /** Takes all further words. Only the last argument may. */
  many?: boolean;
  complete?: Completion;
}

type ValueOf<O extends OptionSpec> = O extends { type: "flag" }
  ? boolean
  : O extends { type: "texts" }
    ? string[]
    : O extends { type: "number" | "moment" }
      ? number | undefined
      : string | undefined;

/** The options as a command receives them: named in camel case. */
export type Values<O extends Options> = { [K in keyof O as CamelCase<K & string>]: ValueOf<O[K]> };

type CamelCase<T extends string> = T extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : T;

/** `failed`: the work was done as asked, but with a bad result (an app did not get healthy, a check failed). */
export type Outcome = "done" | "failed";

export interface Command<O extends Options = Options> {
  /** Full sentences, where the summary is not enough. */
  description?: string;
  arguments: ArgumentSpec[];
  options: O;
  examples: { line: string; what: string }[];
  /** Resolves to nothing when all went well; throws `Failure` for everything that it refuses. */
  run(input: { args: string[]; options: Values<O> }, session: Session): Promise<Outcome> | Promise<void>;
}

/** A command with its options' types inferred. */
export const command = <const O extends Options>(spec: Command<O>): Command<O> => spec;

/** What is known of a command before its module is loaded. */
export interface CommandEntry {
  name: string;
  aliases: string[];
  /** Half a sentence, without a full stop. */
  summary: string;
  group: "Apps" | "Releases" | "Watch" | "Configure" | "Gantry";
  load(): Promise<Command>;
}

/** Understood by every command. */
export const GLOBAL_OPTIONS = {
  json: { type: "flag", summary: "print one JSON document, or one per line for streams" },
  quiet: { type: "flag", short: "q", summary: "print less: no progress, no hints; lists print names only" },
  yes: { type: "flag", short: "y", summary: "answer yes to every question" },
  "no-color": { type: "flag", summary: "print without colours" },
  help: { type: "flag", short: "h", summary: "show this help" },
} as const satisfies Options;
