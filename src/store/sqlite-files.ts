// The files of the SQLite store and how they are put in place.
import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

export interface SqliteFiles {
  database: string;
  /** The last copy that was found sound. */
  good: string;
  /** A copy in the making. */
  draft: string;
}

export const sqliteFiles = (home: string): SqliteFiles => ({
  database: join(home, "gantry.db"),
  good: join(home, "gantry.db.good"),
  draft: join(home, "gantry.db.draft"),
});

/** The write-ahead log and its index stand beside the file. */
const SIDES = ["-wal", "-shm", "-journal"];

export function removeDatabase(path: string): void {
  for (const side of ["", ...SIDES]) rmSync(path + side, { force: true });
}

/** Renames a database with all that belongs to it. */
export function moveDatabase(from: string, to: string): void {
  for (const side of ["", ...SIDES]) if (existsSync(from + side)) renameSync(from + side, to + side);
}

/** Makes an empty file that only its owner can read, where there is none: SQLite's other files take over its mode. */
export function makePrivate(path: string): void {
  closeSync(openSync(path, "a", 0o600));
}

/**
 * Puts a copy of the file in the place of the database: whole, or not at all. The database must not be open in this
 * process: closing any descriptor of a file gives up all POSIX locks on it (fcntl(2)).
 */
export function copyInPlace(from: string, draft: string, to: string): void {
  removeDatabase(draft);
  makePrivate(draft);
  copyFileSync(from, draft);
  syncPath(draft);
  for (const side of SIDES) rmSync(to + side, { force: true });
  renameSync(draft, to);
  syncPath(dirname(to));
}

export function syncPath(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
