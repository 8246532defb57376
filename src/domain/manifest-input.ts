// What a person wrote, before it is understood: one tree for YAML and JSON, each node with its place.
import { type ErrorCode, GantryError } from "./errors.ts";

export interface Place {
  /** Dotted path of the key, for example `health.path`. */
  field: string;
  /** Where it stands, when it came from a file; lines and columns count from 1. */
  file?: string;
  line?: number;
  column?: number;
}

export type Input = Scalar | List | Mapping;

export interface Scalar {
  type: "scalar";
  /** Exactly as written, without quotes. */
  text: string;
  /** What YAML 1.2's core schema or JSON takes it for. */
  kind: "text" | "number" | "boolean" | "null";
  /** True for JSON, where a number is never meant as text nor text as a number. */
  exact: boolean;
  place: Place;
}

export interface List {
  type: "list";
  items: Input[];
  place: Place;
}

export interface Mapping {
  type: "map";
  entries: { key: string; keyPlace: Place; value: Input }[];
  place: Place;
}

/** The error for a wrong input: `invalid-manifest` with file:line:column where there is a file, else `invalid-input`. */
export function refuse(place: Place, reason: string, hint?: string): GantryError {
  if (place.file === undefined) {
    const where = place.field === "" ? "" : `${place.field}: `;
    return new GantryError("invalid-input", { field: place.field, reason: where + reason, hint });
  }
  const { field, line, column } = place;
  return new GantryError("invalid-manifest", { file: positionOf(place), field, line, column, reason, hint });
}

/** The error for a key that is known but belongs to a later version. */
export function refuseNotBuilt(place: Place, what: string): GantryError {
  const { field, line, column } = place;
  const where = place.file === undefined ? "" : ` (${positionOf(place)})`;
  return new GantryError("not-built", { what: what + where, field, line, column });
}

/** Runs a check of a single value and adds the place to what it throws (`GantryError`, or `RangeError` with a reason). */
export function at<T>(place: Place, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof RangeError) throw refuse(place, error.message);
    if (!(error instanceof GantryError)) throw error;
    if (error.code === "not-built") throw refuseNotBuilt(place, String(error.details.what));
    if (place.file !== undefined) throw refuse(place, error.message, error.hint);
    const own: ErrorCode[] = ["invalid-input", "invalid-manifest"];
    if (own.includes(error.code)) throw refuse(place, error.message, error.hint);
    throw new GantryError(error.code, { ...error.details, field: place.field });
  }
}

/** The place of a key inside of a mapping or of an item inside of a list. */
export const inside = (place: Place, key: string | number): Place => ({
  ...place,
  field: place.field === "" ? String(key) : `${place.field}.${key}`,
});

/** `file:line:column`, as far as known. */
export const positionOf = (place: Place): string =>
  [place.file, place.line, place.column].filter((part) => part !== undefined).join(":");
