// Opens the SQLite store of a home.
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { Kysely } from "kysely";
import semver from "semver";
import { GantryError } from "../domain/errors.ts";
import type { Backend, Repair, StoreLog } from "./backend.ts";
import { GoodCopy } from "./good-copy.ts";
import { type Migration, migrate, pendingMigrations } from "./migrate.ts";
import { repairSqlite } from "./repair-sqlite.ts";
import type { MirroredKind, Queries, Tables } from "./schema.ts";
import { NodeSqliteDialect } from "./sqlite-dialect.ts";
import { copyInPlace, makePrivate, removeDatabase, type SqliteFiles, sqliteFiles } from "./sqlite-files.ts";
import { isBusy, sqliteTrouble } from "./sqlite-trouble.ts";
import { errorOf } from "./trouble.ts";

export interface Setup {
  log: StoreLog;
  now: () => number;
  migrations: readonly Migration[];
}

/** Older ones can lose data when two connections use a write-ahead log (https://www.sqlite.org/wal.html, reset bug). */
const SAFE_SQLITE = "3.51.3";

/**
 * A checkpoint waits for the disk, so the good copy's worker makes it. `wal_autocheckpoint` (in pages, 40 MB) is the
 * limit should the worker fail.
 */
const PRAGMAS = "pragma journal_mode = wal; pragma synchronous = normal; pragma wal_autocheckpoint = 10000;";

const OPEN_WAIT_MS = 5_000;

/** Throws `newer-state`, `database-locked`, `disk-full` and `database-unavailable`; the files are then as they were. */
export async function openSqlite(home: string, setup: Setup): Promise<Backend> {
  try {
    return await open(home, setup);
  } catch (error) {
    const trouble = sqliteTrouble(error);
    if (error instanceof GantryError || trouble.kind === "refused") throw error;
    throw errorOf(trouble);
  }
}

async function open(home: string, setup: Setup): Promise<Backend> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const files = sqliteFiles(home);
  const repair = await patiently(() => repairSqlite(files, setup.now));
  if (existsSync(files.database)) chmodSync(files.database, 0o600);
  else makePrivate(files.database);
  const database = await patiently(() => connect(files.database, false));
  const writer: Queries = new Kysely<Tables>({ dialect: new NodeSqliteDialect(database) });
  try {
    checkVersion(database, setup.log);
    await patiently(() => bringUpToDate(writer, database, files, setup));
    const reader = new Kysely<Tables>({ dialect: new NodeSqliteDialect(connect(files.database, true)) });
    return backend({ writer, reader, repair, files, log: setup.log });
  } catch (error) {
    await writer.destroy();
    if (error instanceof MigrationFailed) throw error.undo(files);
    throw error;
  }
}

function backend(parts: {
  writer: Queries;
  reader: Queries;
  repair: Repair | null;
  files: SqliteFiles;
  log: StoreLog;
}): Backend {
  const { writer, reader, repair, files, log } = parts;
  const goodCopy = new GoodCopy(files, log);
  return {
    writer,
    reader,
    repair,
    rescue: (kind, id) => readCopy(files.good, kind, id),
    loaded: () => void goodCopy.make(),
    troubleOf: sqliteTrouble,
    changed: (important) => goodCopy.changed(important),
    async close() {
      await goodCopy.close();
      await reader.destroy();
      await writer.destroy();
    },
  };
}

/** One row's document of a copy that may itself be of no use. */
function readCopy(path: string, kind: MirroredKind, id: string): string | null {
  if (!existsSync(path)) return null;
  const copy = new DatabaseSync(path, { readOnly: true });
  try {
    const row = copy.prepare(`select doc from ${kind} where id = ?`).get(id);
    return row ? String(row.doc) : null;
  } catch {
    return null;
  } finally {
    copy.close();
  }
}

/** No waiting inside SQLite: it would stop the whole daemon. */
function connect(path: string, readOnly: boolean): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly, timeout: 0, enableForeignKeyConstraints: true });
  try {
    if (!readOnly) database.exec(PRAGMAS);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function checkVersion(database: DatabaseSync, log: StoreLog): void {
  const version = String(database.prepare("select sqlite_version() as version").get()?.version);
  if (semver.lt(version, SAFE_SQLITE))
    log("warn", "This Node.js has an SQLite with a known fault: install a newer one", {
      version,
      atLeast: SAFE_SQLITE,
    });
}

/** A new database gets its schema; an older one is copied first, and the copy put back when a migration fails. */
async function bringUpToDate(
  writer: Queries,
  database: DatabaseSync,
  files: SqliteFiles,
  { migrations, now }: Setup,
): Promise<void> {
  const pending = await pendingMigrations(writer, migrations, files.database);
  const first = pending[0];
  if (!first) return;
  const copy = `${files.database}.before-${String(first.number).padStart(4, "0")}`;
  const isNew = first.number === migrations[0]?.number;
  if (!isNew) {
    removeDatabase(copy);
    makePrivate(copy);
    database.prepare("vacuum into ?").run(copy);
  }
  try {
    await migrate(writer, pending, now);
  } catch (error) {
    if (isBusy(error)) throw error;
    throw new MigrationFailed(isNew ? null : copy, error);
  }
}

class MigrationFailed extends Error {
  readonly #copy: string | null;

  constructor(copy: string | null, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.#copy = copy;
  }

  /** Puts the copy back, once the database is closed. Returns what to tell. */
  undo(files: SqliteFiles): GantryError {
    try {
      if (this.#copy) copyInPlace(this.#copy, files.draft, files.database);
    } catch {
      // No room for it: the transaction was rolled back, so the file is the old one all the same.
    }
    const reason = `its migration failed, and it was left as it was: ${this.message}`;
    return new GantryError("database-unavailable", { reason }, this.cause);
  }
}

/** Tries again while another program holds a lock, and throws `database-locked` when that takes too long. */
async function patiently<Result>(attempt: () => Result | Promise<Result>): Promise<Result> {
  const end = performance.now() + OPEN_WAIT_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() > end) throw new GantryError("database-locked", {}, error);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
