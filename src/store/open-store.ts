// Opens the store of a home: SQLite in the home, or PostgreSQL by URL.
import type { NewEvent } from "../domain/event.ts";
import type { Store } from "../domain/store.ts";
import type { Backend, Repair, StoreLog } from "./backend.ts";
import { EventLog } from "./event-log.ts";
import { type Flaw, loadMirror, setAside } from "./load-mirror.ts";
import type { Migration } from "./migrate.ts";
import { MIGRATIONS } from "./migrations/all-migrations.ts";
import { openSqlite, type Setup } from "./open-sqlite.ts";
import { QueuedStore } from "./queued-store.ts";

export interface StoreOptions {
  /** Absolute path of GANTRY_HOME; made when missing. */
  home: string;
  /** Null: SQLite in the home. */
  databaseUrl: string | null;
  log: StoreLog;
  /** Epoch ms. */
  now?: () => number;
  /** Other migrations than this program's own: for tests. */
  migrations?: readonly Migration[];
  /** How many events are kept, about. */
  keptEvents?: number;
}

/**
 * Opens the database, repairs and migrates it where needed, and loads the mirror. Throws `newer-state`,
 * `database-locked`, `database-unavailable`, and `home-locked` when another daemon uses the same PostgreSQL.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { home, databaseUrl, log, now = Date.now, migrations = MIGRATIONS } = options;
  const setup = { log, now, migrations };
  const backend = await (databaseUrl === null ? openSqlite(home, setup) : viaPostgres(databaseUrl, setup));
  try {
    const { mirror, flaws } = await loadMirror(backend.writer, backend.rescue);
    const eventLog = await EventLog.open(backend, log, options.keptEvents);
    const store = new QueuedStore({ backend, mirror, eventLog, log, now });
    await report(store, backend, flaws, log, now);
    backend.loaded();
    return store;
  } catch (error) {
    await backend.close();
    throw error;
  }
}

/** Loaded only where it is used: most homes never need the client. */
async function viaPostgres(url: string, setup: Setup): Promise<Backend> {
  const { openPostgres } = await import("./open-postgres.ts");
  return openPostgres(url, setup);
}

/** Says what is not as it was left. */
async function report(
  store: Store,
  backend: Backend,
  flaws: Flaw[],
  log: StoreLog,
  now: () => number,
): Promise<void> {
  const events: NewEvent[] = [];
  if (backend.repair) events.push(repairEvent(backend.repair));
  if (flaws.length > 0) {
    events.push(flawEvent(flaws));
    await setAside(backend, flaws, now()).catch((error: unknown) =>
      log("warn", "Unreadable rows could not be moved away yet", { error: backend.troubleOf(error).reason }),
    );
  }
  for (const { message, data } of events) log("warn", message, data);
  if (events.length > 0) await store.record({ events });
}

function repairEvent({ reason, kept, copyFrom }: Repair): NewEvent {
  const outcome =
    copyFrom === null
      ? "There is no good copy: Gantry begins with an empty database."
      : `The good copy of ${new Date(copyFrom).toISOString()} is used instead.`;
  const file = kept === null ? "" : ` The damaged file was kept as ${kept}.`;
  return {
    type: "store.restored",
    appId: null,
    actor: "daemon",
    message: `The database was damaged (${reason}). ${outcome}${file}`,
    data: { reason, kept, copyFrom },
  };
}

function flawEvent(flaws: Flaw[]): NewEvent {
  const rows = flaws.slice(0, 20).map(({ kind, id, reason }) => `${kind} ${id}: ${reason}`);
  const rescued = flaws.filter((flaw) => flaw.rescued !== null).length;
  return {
    type: "store.restored",
    appId: null,
    actor: "daemon",
    message:
      `Unreadable rows of the database: ${flaws.length}. Taken from the last good copy: ${rescued}; ` +
      `set aside: ${flaws.length - rescued}.`,
    data: { rows, rescued, setAside: flaws.length - rescued },
  };
}
