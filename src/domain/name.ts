// Names of apps: one DNS label, so that each name is a host name at once.
import { GantryError } from "./errors.ts";
import { shown } from "./shown.ts";

/** Hosts that Gantry itself needs under its domain. */
export const RESERVED_NAMES: readonly string[] = ["api", "admin", "www", "localhost", "gantry"];

const MAX_LENGTH = 63;
/** RFC 1123 label, lower case only. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** Returns `value` when it can be an app's name; else throws `invalid-name` or `reserved-name`. Never changes it. */
export function checkAppName(value: unknown): string {
  if (typeof value !== "string") throw invalid(value, "a name must be text");
  if (value === "") throw invalid(value, "it is empty");
  if (value.length > MAX_LENGTH) throw invalid(value, `it has ${value.length} characters`);
  if (LABEL.test(value)) {
    if (RESERVED_NAMES.includes(value))
      throw new GantryError("reserved-name", { name: value, field: "name" });
    return value;
  }
  throw invalid(value, reasonOf(value), suggestion(value));
}

/** A valid name made from the last part of a folder's path: `/srv/My App_2` → `my-app-2`. */
export function nameFromFolder(path: string): string {
  const last = path.split(/[\\/]+/).findLast((part) => part !== "" && part !== "." && part !== "..") ?? "";
  const name = toLabel(last);
  if (name === "") return "app";
  return RESERVED_NAMES.includes(name) ? `${name}-app` : name;
}

const toLabel = (text: string): string =>
  text
    .slice(0, 1_000)
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, MAX_LENGTH)
    .replace(/-+$/, "");

function reasonOf(value: string): string {
  if (/[A-Z]/.test(value) && LABEL.test(value.toLowerCase())) return "upper-case letters are not allowed";
  if (value.startsWith("-") || value.endsWith("-")) return "it begins or ends with a hyphen";
  const wrong = /[^a-z0-9-]/u.exec(value)?.[0] ?? "";
  return `${shown(wrong)} is not allowed`;
}

function suggestion(value: string): string | undefined {
  const name = toLabel(value);
  if (name === "" || RESERVED_NAMES.includes(name)) return undefined;
  return `Use ${name}, or any other 1 to 63 lower-case letters, digits and hyphens.`;
}

const invalid = (value: unknown, reason: string, hint?: string): GantryError =>
  new GantryError("invalid-name", { name: shown(value), reason, hint, field: "name" });
