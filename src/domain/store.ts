// The contract of the store: a mirror in memory for reading, a queue for writing.
import type { App } from "./app.ts";
import type { Deployment } from "./deployment.ts";
import type { GantryEvent, NewEvent } from "./event.ts";
import type { Execution, ExecutionQuery } from "./execution.ts";
import type { Instance } from "./instance.ts";
import type { Release } from "./release.ts";

/** All rows of one kind, in memory: reads never wait and never fail. Rows are to be treated as immutable. */
export interface Table<Row extends { id: string }> {
  get(id: string): Row | undefined;
  all(): Iterable<Row>;
  readonly size: number;
}

/** A table whose rows belong to an app. */
export interface AppTable<Row extends { id: string; appId: string }> extends Table<Row> {
  /** In order of creation. */
  ofApp(appId: string): readonly Row[];
}

/** One transaction: all of it is stored, or nothing. `put` inserts or replaces whole rows. */
export interface Batch {
  put?: {
    apps?: App[];
    releases?: Release[];
    instances?: Instance[];
    deployments?: Deployment[];
    executions?: Execution[];
  };
  remove?: {
    apps?: string[];
    releases?: string[];
    instances?: string[];
    deployments?: string[];
    executions?: string[];
  };
  events?: NewEvent[];
}

export interface EventQuery {
  /** Only events with a higher id. */
  after?: number;
  /** Only events with a lower id. */
  before?: number;
  appId?: string;
  /** At most this many, the newest ones; returned oldest first. */
  limit: number;
}

/**
 * Finite runs. There may be a million: only the running ones and the newest of each hook are in memory, the others are asked of
 * the database. What was recorded shows at once in every answer, stored or not.
 */
export interface Executions {
  running(): Iterable<Execution>;
  runningOf(appId: string): readonly Execution[];
  /** The newest run of each hook of the app, by the hook's name. */
  lastHooks(appId: string): ReadonlyMap<string, Execution>;
  get(id: string): Promise<Execution | undefined>;
  /** The newest ones that match, newest first. */
  query(query: ExecutionQuery): Promise<Execution[]>;
  /**
   * Removes the ended ones that were created before `before` (epoch ms), and those of each app beyond its newest `keepPerApp`; never
   * the newest of a hook. Returns how many. Rejects with the database's own error; what was removed until then stays so.
   */
  prune(limits: { before: number; keepPerApp: number }): Promise<number>;
}

export interface Store {
  readonly apps: Table<App> & { byName(name: string): App | undefined };
  readonly releases: AppTable<Release>;
  readonly instances: AppTable<Instance>;
  readonly deployments: AppTable<Deployment>;
  readonly executions: Executions;

  /**
   * Stores the batch, then shows it in the tables and tells the listeners its events. Rejects with
   * `database-locked` after `waitMs` (default 5 s) of a locked database and with `disk-full`; nothing is changed then.
   * A function is asked for the batch when its turn has come and all earlier writes are shown, so that it can build on
   * them; what it throws is what `write` rejects with.
   */
  write(batch: Batch | (() => Batch), options?: { waitMs?: number }): Promise<void>;

  /**
   * For supervision, which must go on when the database can't be written: shows the batch at once and keeps it queued, in
   * order, until it could be stored. Resolves when stored, or after 200 ms without success. Never rejects.
   */
  record(batch: Batch): Promise<void>;

  events(query: EventQuery): Promise<GantryEvent[]>;
  onEvent(listener: (event: GantryEvent) => void): () => void;

  /** `ok`, or why writes wait at the moment; `pending` batches are queued. */
  health(): { ok: boolean; reason: string | null; pending: number };
  /** A key–value corner for small facts of Gantry itself (boot id, port of the edge…). */
  getMeta(key: string): string | undefined;
  setMeta(key: string, value: string): Promise<void>;
  close(): Promise<void>;
}
