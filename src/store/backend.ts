// What differs between SQLite and PostgreSQL, once the database is open and its schema is up to date.
import type { MirroredKind, Queries } from "./schema.ts";
import type { Trouble } from "./trouble.ts";

/** What was done about a damaged database. */
export interface Repair {
  /** One sentence: what was wrong. */
  reason: string;
  /** Where the damaged file is now; null when there was none. */
  kept: string | null;
  /** Epoch ms of the good copy that is used now; null when there is none and the store begins empty. */
  copyFrom: number | null;
}

export interface Backend {
  /** For transactions, one at a time. */
  writer: Queries;
  /** For questions; never waits for the writer. */
  reader: Queries;
  repair: Repair | null;
  /** The document of a row as the last good copy has it; null where there is none. */
  rescue(kind: MirroredKind, id: string): string | null;
  /** All rows were loaded: from now on new good copies may be made. */
  loaded(): void;
  troubleOf(error: unknown): Trouble;
  /** Something was stored; `important` when apps or releases changed. */
  changed(important: boolean): void;
  close(): Promise<void>;
}

export type LogLevel = "debug" | "info" | "warn" | "error";
export type StoreLog = (level: LogLevel, message: string, details?: Record<string, unknown>) => void;
