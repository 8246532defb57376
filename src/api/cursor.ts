// Pages of a list that is sorted by name: a cursor is the last name of the page before.
import { HttpProblem } from "./problem.ts";

export interface Page<Row> {
  rows: Row[];
  /** Null on the last page. */
  nextCursor: string | null;
}

/** At most `limit` of the rows whose names come after the cursor. Throws `malformed` for a cursor that is none. */
export function pageOf<Row extends { name: string }>(
  rows: Iterable<Row>,
  limit: number,
  cursor: string | undefined,
): Page<Row> {
  const after = cursor === undefined ? undefined : decode(cursor);
  const rest = [...rows].filter((row) => after === undefined || row.name > after).sort(byName);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, nextCursor: rest.length > limit && last ? encode(last.name) : null };
}

const byName = (a: { name: string }, b: { name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;

const encode = (name: string): string => Buffer.from(`n:${name}`).toString("base64url");

function decode(cursor: string): string {
  const text = Buffer.from(cursor, "base64url").toString("utf8");
  if (!/^n:[a-z0-9-]{1,63}$/.test(text) || encode(text.slice(2)) !== cursor)
    throw new HttpProblem("malformed", { reason: "this cursor is not one of Gantry's" });
  return text.slice(2);
}
