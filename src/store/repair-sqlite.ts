// Looks at the SQLite file before it is used: a damaged one is kept aside, and the last good copy takes its place.
import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Repair } from "./backend.ts";
import { MIRRORED } from "./schema.ts";
import { copyInPlace, moveDatabase, removeDatabase, type SqliteFiles } from "./sqlite-files.ts";
import { isDamage } from "./sqlite-trouble.ts";

/** What is seen in a file: a flaw, or the id of its last event (-1: it has no tables of ours). */
type Finding = { flaw: string } | { lastEvent: number };

/** Null when the database is sound, or new. Must run before it is opened. */
export function repairSqlite(files: SqliteFiles, now: () => number): Repair | null {
  removeDatabase(files.draft);
  const reason = damageOf(files);
  if (reason === null) return null;
  const kept = putAside(files.database, now());
  if (!existsSync(files.good)) return { reason, kept, copyFrom: null };
  const copy = look(files.good, true);
  if ("flaw" in copy || copy.lastEvent < 0) {
    putAside(files.good, now());
    return { reason: `${reason}; so was its good copy`, kept, copyFrom: null };
  }
  const copyFrom = Math.round(statSync(files.good).mtimeMs);
  copyInPlace(files.good, files.draft, files.database);
  return { reason, kept, copyFrom };
}

function damageOf(files: SqliteFiles): string | null {
  const copy = existsSync(files.good) ? look(files.good, false) : null;
  const expected = copy === null || "flaw" in copy ? -1 : copy.lastEvent;
  if (!existsSync(files.database)) return expected < 0 ? null : "the file is gone";
  const found = look(files.database, true);
  if ("flaw" in found) return found.flaw;
  // A cut or lost write-ahead log, or an empty file, is a sound database that is too old.
  if (found.lastEvent < expected) return "it has lost what its good copy still has";
  return null;
}

/** Opens the file as SQLite would after a crash (the write-ahead log is taken in); `checks` its structure. */
function look(path: string, checks: boolean): Finding {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    const text = checks ? verdictOn(database) : "ok";
    if (text !== "ok") return { flaw: text };
    const table = database.prepare("select 1 from sqlite_master where name = 'events'").get();
    if (!table) return { lastEvent: -1 };
    return { lastEvent: Number(database.prepare("select max(id) as last from events").get()?.last ?? 0) };
  } catch (error) {
    if (isDamage(error)) return { flaw: (error as Error).message };
    throw error;
  } finally {
    database?.close();
  }
}

/**
 * "ok" or a flaw. The structure of the whole file, and every value of the tables that are loaded; reading each event
 * as well would take most of a second for a long log.
 */
function verdictOn(database: DatabaseSync): string {
  const checks = ["quick_check(1)", ...["meta", ...MIRRORED].map((table) => `integrity_check(${table})`)];
  for (const check of checks) {
    const [result] = runCheck(database, check);
    const text = String(Object.values(result ?? {})[0] ?? "no answer").replaceAll("\n", " ");
    if (text !== "ok") return text;
  }
  return "ok";
}

function runCheck(database: DatabaseSync, check: string): Record<string, unknown>[] {
  try {
    return database.prepare(`pragma ${check}`).all();
  } catch (error) {
    // A database without our tables is judged elsewhere.
    if ((error as Error).message.startsWith("no such table")) return [{ check: "ok" }];
    throw error;
  }
}

/** Returns the name of the file that it is kept as; null when there was none. */
function putAside(path: string, now: number): string | null {
  if (!existsSync(path)) {
    removeDatabase(path);
    return null;
  }
  const stamp = new Date(now).toISOString().replaceAll(":", "-");
  let kept = `${path}.corrupt-${stamp}`;
  for (let again = 2; existsSync(kept); again += 1) kept = `${path}.corrupt-${stamp}-${again}`;
  moveDatabase(path, kept);
  return basename(kept);
}
