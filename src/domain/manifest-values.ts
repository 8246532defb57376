// Readers for the values of the manifest that have a shape of their own: env, health checks, names, signals.
import { formatDuration, parseDuration } from "./duration.ts";
import { envProblem } from "./env-file.ts";
import type { Check } from "./health.ts";
import { at, type Input, refuse } from "./manifest-input.ts";
import { checked, listOf, mapping, type Reader, type Reading, text, truth, words } from "./manifest-read.ts";
import { checkAppName } from "./name.ts";
import { checkPort } from "./port.ts";
import { shown } from "./shown.ts";

const MAX_ENV_BYTES = 1024 * 1024;
const SIGNALS = ["TERM", "INT", "QUIT", "HUP", "USR1", "USR2", "WINCH", "KILL"];

/**
 * Environment variables. From YAML each value is kept exactly as written, also `1.10`, `yes`, `0x10`; an empty one is the
 * empty text. In JSON values must be text, and null removes the variable.
 */
export const envReader: Reader<Record<string, string | null>> = {
  schema: { type: "object", additionalProperties: { type: ["string", "null"] } },
  read(input) {
    const env: Record<string, string | null> = {};
    let bytes = 0;
    for (const { key, keyPlace, value } of mapping(input, "variables").entries) {
      if (value.type !== "scalar") throw refuse(value.place, `the value of ${shown(key)} must be text`);
      if (value.exact && value.kind !== "text" && value.kind !== "null")
        throw refuse(value.place, "it must be text", "Put it in quotes.");
      const problem = envProblem(key, value.text);
      if (problem !== undefined) throw refuse(keyPlace, problem);
      bytes += key.length + Buffer.byteLength(value.text) + 2;
      if (bytes > MAX_ENV_BYTES) throw refuse(keyPlace, "all variables together are larger than 1 MB");
      env[key] = value.exact && value.kind === "null" ? null : value.text;
    }
    return env;
  },
};

export const httpPath: Reader<Check> = {
  schema: { type: "string", pattern: "^/" },
  read(input, reading) {
    const path = text.read(input, reading);
    if (!path.startsWith("/") || path.startsWith("//"))
      throw refuse(
        input.place,
        `${shown(path)} is no path`,
        "Write a path that begins with one slash: /health",
      );
    if (!/^[!-~]{1,2000}$/.test(path) || path.includes("#") || path.includes("\\"))
      throw refuse(
        input.place,
        `${shown(path)} has characters that can't stand in a path`,
        "Percent-encode them.",
      );
    return { type: "http", path };
  },
};

/** `tcp: true`, `none: true` or `command: [...]`. */
export const healthCheck = (type: "tcp" | "none" | "command"): Reader<Check> => ({
  schema: type === "command" ? words.schema : { const: true },
  read(input, reading) {
    if (type === "command") return { type, argv: command(input, reading) };
    if (!truth.read(input, reading)) throw refuse(input.place, "it can only be true", "Leave the key out.");
    return { type };
  },
});

function command(input: Input, reading: Reading): string[] {
  const argv = words.read(input, reading);
  if (argv[0] === undefined || argv[0] === "") throw refuse(input.place, "the command is empty");
  return argv;
}

/** `200ms`, `10s`: in milliseconds. */
export const duration = (min: number, max: number): Reader<number> =>
  checked(
    (value) => {
      const ms = parseDuration(value);
      if (ms < min || ms > max)
        throw new RangeError(`it must be from ${formatDuration(min)} to ${formatDuration(max)}`);
      return ms;
    },
    { type: "string", pattern: "^[0-9.]+(ms|s|m|h|d)$", examples: ["200ms", "10s", "5m"] },
  );

/** `auto`, `none` or a number from 1 to 65535. */
export const portReader: Reader<"auto" | "none" | number> = {
  schema: { anyOf: [{ enum: ["auto", "none"] }, { type: "integer", minimum: 1, maximum: 65_535 }] },
  read(input) {
    if (input.type !== "scalar") throw refuse(input.place, "it must be auto, none or a number");
    const { text, kind, exact } = input;
    return at(input.place, () => checkPort(exact && kind === "boolean" ? text === "true" : text));
  },
};

const name: Reader<string> = {
  schema: { type: "string" },
  read: (input, reading) => {
    const value = text.read(input, reading);
    return at(input.place, () => checkAppName(value));
  },
};

/** Names of apps, each once. */
export const nameList: Reader<string[]> = {
  schema: { type: "array", items: name.schema },
  read: (input, reading) => [...new Set(listOf(name).read(input, reading))],
};

/** A signal's name, with or without SIG. */
export const signal: Reader<string> = {
  schema: { type: "string", enum: SIGNALS },
  read(input, reading) {
    const name = text.read(input, reading).toUpperCase().replace(/^SIG/, "");
    if (SIGNALS.includes(name)) return name;
    throw refuse(
      input.place,
      `${shown(name)} is no signal that ends an app`,
      `Use one of ${SIGNALS.join(", ")}.`,
    );
  },
};
