// Durable files, and what went wrong with them in words of Gantry.
import { type FileHandle, open, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { GantryError } from "../../domain/errors.ts";
import { atOnce } from "../../lib/at-once.ts";
import { runCommand } from "../../lib/run-command.ts";

/** Of the four threads that Node has for files, all but one. */
export const PLACES = 3;

/** Waits until the file, or the names in the folder, are on disk. */
export async function sync(path: string): Promise<void> {
  await using(path, "r", async (file) => {
    await file.sync();
  });
}

/** From so many on, one order for the whole file system is cheaper: a disk may take milliseconds for each. */
const MANY = 32;
/** Somebody else's gigabytes are not waited for, in milliseconds. */
const WAIT_MS = 3_000;

/** Waits until all of these, files and folders in the file system of `folder`, are on disk. */
export async function syncAll(paths: readonly string[], folder: string): Promise<void> {
  if (paths.length >= MANY && (await syncWhole(folder))) return;
  await atOnce(paths, PLACES, sync);
}

/** False where the system can't, or did not in time. */
async function syncWhole(folder: string): Promise<boolean> {
  if (process.platform !== "linux") return false;
  const whole = runCommand("sync", ["-f", folder], { cwd: "/", env: { PATH: process.env.PATH } }).then(
    ({ code }) => code === 0,
    () => false,
  );
  // Nothing can end it before it is done.
  return await Promise.race([whole, sleep(WAIT_MS, false, { ref: false })]);
}

/** Opens, works and closes, also after a failure. `flags` as of `open`; a new file is the owner's alone. */
export async function using<Result>(
  path: string,
  flags: string,
  work: (file: FileHandle) => Promise<Result>,
): Promise<Result> {
  const file = await open(path, flags, 0o600);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

/** Removes what is no longer visible. What resists, e.g. folders that an app made unreadable, is tried again by a later prune. */
export async function discard(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => {});
}

export const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException | null)?.code;

export const isMissing = (error: unknown): boolean =>
  codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR";

/** `error`, or `disk-full` where that is what it means. */
export function told(error: unknown): unknown {
  const code = codeOf(error);
  return code === "ENOSPC" || code === "EDQUOT" ? new GantryError("disk-full", {}, error) : error;
}
