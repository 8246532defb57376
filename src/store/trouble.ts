// Why the database did not take a change.
import { type ErrorCode, GantryError } from "../domain/errors.ts";

/**
 * `locked`, `full` and `unavailable` pass and are tried again; `refused`: this change can never be stored (it breaks a
 * rule of the schema).
 */
export interface Trouble {
  kind: "locked" | "full" | "unavailable" | "refused";
  /** One sentence for people. */
  reason: string;
  cause: unknown;
}

const CODES: Record<Exclude<Trouble["kind"], "refused">, ErrorCode> = {
  locked: "database-locked",
  full: "disk-full",
  unavailable: "database-unavailable",
};

/** The error that a writer gets. A refused change is a bug of the caller, except a name that is taken. */
export function errorOf(trouble: Trouble): Error {
  if (trouble.kind === "refused") return new Error(`The store refused a change: ${trouble.reason}`, trouble);
  return new GantryError(CODES[trouble.kind], { reason: trouble.reason }, trouble.cause);
}
