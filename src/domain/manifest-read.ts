// Readers: from one node of input to one checked value, or an error that names the place.
import { closest } from "./closest.ts";
import { at, type Input, type Mapping, type Place, refuse } from "./manifest-input.ts";
import { shown } from "./shown.ts";
import { splitWords } from "./split-words.ts";

/** What checks need to know besides the value. */
export interface Reading {
  /** Suffix of app names (GANTRY_DOMAIN). */
  domain: string;
}

export type JsonSchema = Record<string, unknown>;

/** Reads one kind of value; `schema` describes the same for OpenAPI. */
export interface Reader<T> {
  read(input: Input, reading: Reading): T;
  schema: JsonSchema;
}

/** Is it "nothing": empty, `~` or `null`? */
export const isNull = (input: Input): boolean => input.type === "scalar" && input.kind === "null";

/** Text exactly as written: YAML's `no`, `1.10` and `0x10` stay what they look like. No control characters. */
export const text: Reader<string> = {
  schema: { type: "string" },
  read(input) {
    const value = scalar(input, "text");
    if (value.exact && value.kind !== "text") throw refuse(input.place, "it must be text");
    if (value.text.trim() === "") throw refuse(input.place, "it is empty");
    const control = /[^\P{Cc}\n\t]/u.exec(value.text);
    if (control) throw refuse(input.place, `${shown(control[0])} is not allowed`);
    return value.text;
  },
};

/** Text without line ends. */
export const line: Reader<string> = {
  schema: text.schema,
  read(input, reading) {
    const value = text.read(input, reading).trim();
    if (value.includes("\n")) throw refuse(input.place, "it must be one line");
    if (value.length > 4_096) throw refuse(input.place, "it is longer than 4096 characters");
    return value;
  },
};

export const truth: Reader<boolean> = {
  schema: { type: "boolean" },
  read(input) {
    const value = scalar(input, "true or false");
    if (value.exact ? value.kind === "boolean" : /^(?:true|false)$/i.test(value.text))
      return value.text.toLowerCase() === "true";
    throw refuse(input.place, `${shown(value.text)} is neither true nor false`, "Write true or false.");
  },
};

/** A number written in decimal digits. */
export const decimal = (min: number, max: number, whole = true): Reader<number> => ({
  schema: { type: whole ? "integer" : "number", minimum: min, maximum: max },
  read(input) {
    const kind = whole ? "whole number" : "number";
    const value = scalar(input, `a ${kind}`);
    const wrongKind = value.exact && value.kind !== "number";
    const shape = whole ? /^-?\d{1,15}$/ : /^-?\d{1,15}(?:\.\d{1,20})?(?:e-?\d{1,3})?$/;
    if (wrongKind || !shape.test(value.text)) throw refuse(input.place, `${shown(value.text)} is no ${kind}`);
    const number = Number(value.text);
    if (number < min || number > max) throw refuse(input.place, `it must be from ${min} to ${max}`);
    return number;
  },
});

export const oneOf = <T extends string>(...words: T[]): Reader<T> => ({
  schema: { type: "string", enum: words },
  read(input) {
    const value = scalar(input, `one of ${words.join(", ")}`).text;
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    const near = closest(value, words);
    const hint = near === undefined ? undefined : `Did you mean ${near}?`;
    throw refuse(input.place, `${shown(value)} is not one of ${words.join(", ")}`, hint);
  },
});

/** Text that a domain function checks and turns into a value. */
export const checked = <T>(check: (value: string, reading: Reading) => T, schema: JsonSchema): Reader<T> => ({
  schema,
  read(input, reading) {
    const value = line.read(input, reading);
    return at(input.place, () => check(value, reading));
  },
});

/** A list; in YAML also a single value, or several between commas. */
export const listOf = <T>(item: Reader<T>): Reader<T[]> => ({
  schema: { type: "array", items: item.schema },
  read(input, reading) {
    if (input.type === "list") return input.items.map((inner) => item.read(inner, reading));
    if (input.type === "map" || input.exact) throw refuse(input.place, "it must be a list");
    return input.text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "")
      .map((part) => item.read({ ...input, text: part, kind: "text" }, reading));
  },
});

/** Words of a command: a list, or one text that is split as a shell does. */
export const words: Reader<string[]> = {
  schema: { type: "array", items: { type: "string" } },
  read(input, reading) {
    if (input.type === "list") return input.items.map((inner) => wordOf(inner));
    const value = text.read(input, reading);
    return at(input.place, () => splitWords(value.trim()));
  },
};

function wordOf(input: Input): string {
  const value = scalar(input, "text");
  if (value.exact && value.kind !== "text") throw refuse(input.place, "it must be text");
  if (value.text.includes("\0")) throw refuse(input.place, "a NUL character is not allowed");
  return value.text;
}

/** The mapping, or an error that says what was expected. */
export function mapping(input: Input, what: string): Mapping {
  if (input.type !== "map") throw refuse(input.place, `it must be a mapping of ${what}`);
  return input;
}

/** The error for a key that nobody knows. */
export function unknownKey(place: Place, key: string, known: Iterable<string>): Error {
  const words = [...known];
  const near = closest(key, words);
  const hint = near === undefined ? `Known are ${words.join(", ")}.` : `Did you mean ${near}?`;
  return refuse(place, `unknown key ${shown(key)}`, hint);
}

function scalar(input: Input, expected: string): Extract<Input, { type: "scalar" }> {
  if (input.type === "scalar") return input;
  throw refuse(input.place, `it must be ${expected}, not a ${input.type === "list" ? "list" : "mapping"}`);
}
