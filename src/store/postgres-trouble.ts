// What PostgreSQL's error codes mean for a change (https://www.postgresql.org/docs/current/errcodes-appendix.html).
import type { Trouble } from "./trouble.ts";

/** lock_not_available, query_canceled (a time-out), serialization_failure, deadlock_detected. */
const LOCKED = new Set(["55P03", "57014", "40001", "40P01"]);
const DISK_FULL = "53100";
/** data_exception and integrity_constraint_violation: the classes of what can never be stored. */
const REFUSED_CLASSES = ["22", "23"];

export function postgresTrouble(error: unknown): Trouble {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = error instanceof Error ? error.message : String(error);
  if (LOCKED.has(code)) return { kind: "locked", reason, cause: error };
  if (code === DISK_FULL) return { kind: "full", reason: "the database's disk is full", cause: error };
  const isBug = error instanceof TypeError || error instanceof RangeError;
  if (isBug || (code.length === 5 && REFUSED_CLASSES.includes(code.slice(0, 2))))
    return { kind: "refused", reason, cause: error };
  return { kind: "unavailable", reason: reason || code || "no connection", cause: error };
}
