// One daemon per home, by a lock that the kernel holds.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { GantryError } from "../domain/errors.ts";
import { makePrivate } from "./sqlite-files.ts";
import { isBusy } from "./sqlite-trouble.ts";

/** Contenders stand in each other's way for some microseconds: without waiting, all of them could lose. */
const CONTEST_MS = 500;

/**
 * Takes the lock of the home, which is made when missing; throws `home-locked`, and `invalid-path` for a home that
 * can't be written. It is an SQLite transaction that is never ended, so a POSIX
 * record lock on `daemon.lock`: it goes with the process, however that ends, and no PID is trusted. Nothing else in this
 * process may open that file: closing any descriptor of it would give up the lock (fcntl(2)).
 */
export function lockHome(home: string): { release(): void } {
  const path = join(home, "daemon.lock");
  if (held.has(path)) throw new GantryError("home-locked", { home });
  prepare(home, path);
  const database = new DatabaseSync(path, { timeout: CONTEST_MS });
  try {
    database.exec("begin exclusive");
  } catch (error) {
    database.close();
    throw isBusy(error) ? new GantryError("home-locked", { home }, error) : error;
  }
  held.add(path);
  return {
    release() {
      if (held.delete(path)) database.close();
    },
  };
}

function prepare(home: string, path: string): void {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    makePrivate(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOSPC") throw new GantryError("disk-full", {}, error);
    const reason = `it can't be used as Gantry's home (${code})`;
    throw new GantryError("invalid-path", { path: home, reason }, error);
  }
}

/** Locks of this process: asking for one of them again must not even open the file. */
const held = new Set<string>();
