// Environment variables and .env files. Values are data: nothing in them is expanded.
import { GantryError } from "./errors.ts";
import { shown } from "./shown.ts";

/** Variables that Gantry gives to every process of an app. */
const OWN = new Set(["GANTRY_INSTANCE", "GANTRY_HOME_ID", "GANTRY_APP", "GANTRY_DATA"]);
const MAX_NAME = 255;
/** Linux refuses a single `KEY=value` of 128 KiB or more (MAX_ARG_STRLEN). */
const MAX_BYTES = 128 * 1024 - 1;
const MAX_FILE = 1024 * 1024;

/** Why the variable can't be set, or undefined. Never repeats the value: it may be a secret. */
export function envProblem(key: string, value: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key))
    return `${shown(key)} can't be the name of a variable: use letters, digits and _, and no digit first`;
  if (key === "__proto__") return `${key} can't be set`;
  if (OWN.has(key)) return `${key} is set by Gantry`;
  if (key.length > MAX_NAME) return `${shown(key)} is longer than ${MAX_NAME} characters`;
  if (value.includes("\0")) return `the value of ${key} has a NUL character`;
  if (!value.isWellFormed()) return `the value of ${key} is no valid Unicode text`;
  if (key.length + 1 + Buffer.byteLength(value) > MAX_BYTES)
    return `the value of ${key} is longer than 128 KiB`;
  return undefined;
}

/**
 * Reads `KEY=value` lines: `export` in front, comments, 'literal' and "escaped" values (\n \r \t \" \\ \$), both over several
 * lines. An unquoted value ends before ` #`. Throws `invalid-manifest` with the line.
 */
export function parseEnvFile(text: string, file: string): Record<string, string> {
  if (text.length > MAX_FILE)
    throw new GantryError("invalid-manifest", { file, reason: "it is larger than 1 MB" });
  const source = text.replace(/^\uFEFF/, "");
  const env: Record<string, string> = {};
  let position = 0;
  const fail = (reason: string): GantryError => {
    const line = source.slice(0, position).split("\n").length;
    return new GantryError("invalid-manifest", { file: `${file}:${line}`, reason, line });
  };
  while (position < source.length) {
    const blank = take(/[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y, source, position);
    if (blank && blank[0] !== "") {
      position += blank[0].length;
      continue;
    }
    const start = take(/[ \t]*(?:export[ \t]+)?([^\s=#'"]+)[ \t]*=[ \t]*/y, source, position);
    if (!start) {
      if (/^[ \t]+$/.test(source.slice(position))) break;
      throw fail("a line must look like KEY=value");
    }
    const value = readValue(source, position + start[0].length);
    if (value === undefined)
      throw fail(`the value of ${shown(start[1])} has an unclosed quote or text behind it`);
    const problem = envProblem(start[1] ?? "", value.text);
    if (problem) throw fail(problem);
    env[start[1] ?? ""] = value.text;
    position = value.end;
  }
  return env;
}

/** Text that `parseEnvFile` reads back exactly. */
export function writeEnvFile(env: Record<string, string>): string {
  return Object.entries(env)
    .map(([key, value]) => `${key}=${quote(value)}\n`)
    .join("");
}

function readValue(source: string, at: number): { text: string; end: number } | undefined {
  const end = /[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;
  const mark = source[at];
  if (mark !== "'" && mark !== '"') {
    const plain = take(/[^\n]*(?:\n|$)/y, source, at)?.[0] ?? "";
    const text = plain.replace(/^#.*|[ \t]#.*/s, "").trim();
    return { text, end: at + plain.length };
  }
  const quoted = take(mark === "'" ? /'([^']*)'/y : /"([^"\\]*(?:\\[\s\S][^"\\]*)*)"/y, source, at);
  if (!quoted) return undefined;
  const rest = take(end, source, at + quoted[0].length);
  if (!rest) return undefined;
  const inner = quoted[1] ?? "";
  return { text: mark === "'" ? inner : unescaped(inner), end: at + quoted[0].length + rest[0].length };
}

const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\", $: "$" };

const unescaped = (text: string): string =>
  text.replaceAll(/\\([\s\S])/g, (whole, character: string) => ESCAPES[character] ?? whole);

function quote(value: string): string {
  if (/^[A-Za-z0-9_./:@%+,=-]*$/.test(value)) return value;
  if (!/['\r]/.test(value)) return `'${value}'`;
  const escaped = value
    .replaceAll(/["\\$]/g, "\\$&")
    .replaceAll("\r", "\\r")
    .replaceAll("\n", "\\n");
  return `"${escaped}"`;
}

function take(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}
