// What every mirrored table can do.
import type { Queries } from "../schema.ts";

export interface RowTable<Row> {
  /** Inserts or replaces whole rows; no id may occur twice. */
  put(db: Queries, rows: readonly Row[]): Promise<unknown>;
  remove(db: Queries, ids: readonly string[]): Promise<unknown>;
  /** Fields without which a stored document can't be used, and their types. */
  needs: Readonly<Record<string, "string" | "number" | "boolean" | "object">>;
  /** When the row came into being: the order of `ofApp`; ties are ordered by id. */
  bornAt(row: Row): number;
}
