// Words of the command line → arguments and options of a command, strictly.
import { type ArgumentSpec, type Command, GLOBAL_OPTIONS, type OptionSpec, type Options } from "./command.ts";
import { Failure } from "./failure.ts";
import { suggest } from "./suggest.ts";

export interface Parsed {
  args: string[];
  /** By camel-case name; everything declared is there. */
  options: Record<string, unknown>;
  globals: Globals;
}

export interface Globals {
  json: boolean;
  quiet: boolean;
  yes: boolean;
  noColor: boolean;
  help: boolean;
}

/** Throws a `usage` failure for whatever `command` does not know or lacks; arguments are not counted when help is asked for. */
export function parse(name: string, command: Command, words: string[], now = Date.now()): Parsed {
  const specs: Options = { ...command.options, ...GLOBAL_OPTIONS };
  const given = readTokens(name, specs, words, now);
  const globals = Object.fromEntries(
    Object.keys(GLOBAL_OPTIONS).map((key) => [camelCase(key), given.options[camelCase(key)]]),
  ) as unknown as Globals;
  if (!globals.help) countArguments(name, command.arguments, given.args);
  return { ...given, globals };
}

export const camelCase = (name: string): string =>
  name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

type ParsedToken = ({ kind: "option" } & Token) | { kind: "positional" | "option-terminator" };

interface Token {
  name: string;
  rawName: string;
  value?: string | undefined;
  inlineValue?: boolean | undefined;
}

function readTokens(name: string, specs: Options, words: string[], now: number): Omit<Parsed, "globals"> {
  const { tokens, positionals } = tokenize(specs, words);
  const options: Record<string, unknown> = {};
  for (const [key, spec] of Object.entries(specs))
    options[camelCase(key)] = spec.type === "flag" ? false : spec.type === "texts" ? [] : undefined;
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const spec = Object.hasOwn(specs, token.name) ? specs[token.name] : undefined;
    if (spec === undefined) throw unknownOption(name, token.rawName, specs);
    const key = camelCase(token.name);
    const value = readValue(token, spec, now);
    options[key] = spec.type === "texts" ? [...(options[key] as string[]), value] : value;
  }
  return { args: positionals, options };
}

function tokenize(specs: Options, words: string[]): { tokens: ParsedToken[]; positionals: string[] } {
  // Words alone are the common case, and need no parser to be loaded.
  if (!words.some((word) => word.startsWith("-"))) return { tokens: [], positionals: words };
  const options = Object.entries(specs).map(([key, spec]) => {
    const type = spec.type === "flag" ? "boolean" : "string";
    return [key, { type, ...(spec.short && { short: spec.short }) }] as const;
  });
  const { parseArgs } = process.getBuiltinModule("node:util");
  return parseArgs({
    args: words,
    options: Object.fromEntries(options),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
}

function unknownOption(name: string, typed: string, specs: Options): Failure {
  const known = [
    ...Object.keys(specs).map((key) => `--${key}`),
    ...Object.values(specs).flatMap((spec) => (spec.short && typed.length === 2 ? [`-${spec.short}`] : [])),
  ];
  const near = typed.startsWith("--") ? suggest(typed, known) : undefined;
  return new Failure("usage", `${name} has no option ${typed}`, {
    code: "unknown-option",
    hint: near ? `Did you mean ${near}?` : `See gantry ${name} --help.`,
  });
}

function readValue(token: Token, spec: OptionSpec, now: number): unknown {
  if (spec.type === "flag") {
    if (token.value !== undefined) throw invalid(token, "takes no value");
    return true;
  }
  const { value } = token;
  const another = !token.inlineValue && value !== undefined && /^-./.test(value) && !/^-\d/.test(value);
  if (value === undefined || another) throw invalid(token, `needs a value: ${token.rawName} ${spec.value}`);
  if (spec.type === "number") return readNumber(token, value, spec.min, spec.max);
  if (spec.type === "moment") return readMoment(token, value, now);
  if (spec.type === "text" && spec.choices && !spec.choices.includes(value))
    throw invalid(token, `must be one of ${spec.choices.join(", ")}`);
  return value;
}

const invalid = (token: Token, reason: string): Failure =>
  new Failure("usage", `${token.rawName} ${reason}`, { code: "invalid-option", field: token.name });

function readNumber(token: Token, text: string, min: number, max: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max))
    throw invalid(token, `must be a whole number from ${min} to ${max}, not ${JSON.stringify(text)}`);
  return value;
}

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function readMoment(token: Token, text: string, now: number): number {
  const ago = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
  if (ago) return now - Number(ago[1]) * (UNITS[ago[2] ?? ""] ?? 0);
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    throw invalid(token, "must be a duration like 10m or a time like 2026-01-31T12:00:00Z");
  return at;
}

function countArguments(name: string, specs: ArgumentSpec[], args: string[]): void {
  const lacking = specs.find((spec, index) => spec.required && args.length <= index);
  if (lacking) {
    throw new Failure("usage", `${name} needs <${lacking.name}>`, {
      code: "missing-argument",
      field: lacking.name,
      hint: `See gantry ${name} --help.`,
    });
  }
  const extra = args[specs.length];
  if (extra !== undefined && !specs.at(-1)?.many) {
    throw new Failure("usage", `${name} does not know what to do with ${JSON.stringify(extra)}`, {
      code: "extra-argument",
      hint: `See gantry ${name} --help.`,
    });
  }
}
