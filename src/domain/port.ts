// The port that an owner asks for.
import { GantryError } from "./errors.ts";
import { shown } from "./shown.ts";

/** `auto`, `none` or a whole number from 1 to 65535 (also as decimal text); else throws `invalid-port`. */
export function checkPort(value: unknown): "auto" | "none" | number {
  if (value === "auto" || value === "none") return value;
  if (typeof value === "number") {
    if (!Number.isInteger(value)) throw invalid(value, "it is not a whole number");
    return inRange(value);
  }
  if (typeof value !== "string") throw invalid(value, "it must be a number");
  if (!/^-?[0-9]{1,20}$/.test(value)) throw invalid(value, "it is not a whole number");
  if (/^-?0[0-9]/.test(value)) throw invalid(value, "it begins with a zero");
  return inRange(Number(value));
}

function inRange(port: number): number {
  if (port < 1 || port > 65_535) throw invalid(port, "it is not from 1 to 65535");
  return port;
}

const invalid = (port: unknown, reason: string): GantryError =>
  new GantryError("invalid-port", { port: shown(port), reason, field: "port" });
