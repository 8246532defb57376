// What SQLite's error codes mean for a change (https://www.sqlite.org/rescode.html).
import type { Trouble } from "./trouble.ts";

const BUSY = 5;
const LOCKED = 6;
const CORRUPT = 11;
const FULL = 13;
const CONSTRAINT = 19;
const MISMATCH = 20;
const NOTADB = 26;
/** The file ends too early. */
const IOERR_SHORT_READ = 522;
/** The -shm file of the write-ahead log could not grow: met on a full disk before FULL is. */
const IOERR_SHMSIZE = 4874;

/** SQLite's extended result code; null for errors that are not SQLite's. */
function resultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !("errcode" in error)) return null;
  return typeof error.errcode === "number" ? error.errcode : null;
}

export function sqliteTrouble(error: unknown): Trouble {
  const code = resultCode(error);
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && "code" in error && error.code === "ENOSPC")
    return { kind: "full", reason: "the disk is full", cause: error };
  // Not from SQLite: a value that can't be bound, a bug. Trying again would not help.
  if (code === null) return { kind: "refused", reason: text, cause: error };
  switch (code & 0xff) {
    case BUSY:
    case LOCKED:
      return { kind: "locked", reason: "another program holds a lock on it", cause: error };
    case FULL:
      return { kind: "full", reason: "the disk is full", cause: error };
    case CONSTRAINT:
    case MISMATCH:
      return { kind: "refused", reason: text, cause: error };
    default:
      if (code === IOERR_SHMSIZE) return { kind: "full", reason: "the disk is full", cause: error };
      return { kind: "unavailable", reason: text, cause: error };
  }
}

/** Does the error say that the file is no sound database? Other I/O errors speak of the disk, not of the file. */
export function isDamage(error: unknown): boolean {
  const code = resultCode(error) ?? 0;
  return code === IOERR_SHORT_READ || [CORRUPT, NOTADB].includes(code & 0xff);
}

export const isBusy = (error: unknown): boolean => [BUSY, LOCKED].includes((resultCode(error) ?? 0) & 0xff);
