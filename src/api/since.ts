// Points in time as queries give them.
import { parseDuration } from "../domain/duration.ts";
import { GantryError } from "../domain/errors.ts";

/** Epoch milliseconds of `10m` (ago) or of an ISO 8601 time. Throws `invalid-input` for anything else. */
export function sinceTime(since: string, now: number): number {
  const time = /^\d{4}-\d\d-\d\d/.test(since) ? Date.parse(since) : now - parseDuration(since);
  if (Number.isNaN(time))
    throw new GantryError("invalid-input", { reason: "since: it is no time", field: "since" });
  return time;
}
