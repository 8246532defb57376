// Copies a folder, as it is now, into a tree.
import { constants } from "node:fs";
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import type { TreeWriter } from "../../domain/code-store.ts";
import { GantryError } from "../../domain/errors.ts";
import { shown } from "../../domain/shown.ts";
import { atOnce } from "../../lib/at-once.ts";
import { ADVICE, type FoundFile, unreadable, walkFolder } from "./walk-folder.ts";

const PLACES = 3;
const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;

/**
 * See `Sources.folder`. Folders in `except` are left out. A file that changes meanwhile is taken as it is read; one that vanishes
 * is not there. FIFOs, sockets and devices are passed over. Throws `invalid-path`, `too-large`, `disk-full`, and the signal's reason.
 */
export async function snapshotFolder(
  path: string,
  writer: TreeWriter,
  { signal, except = [] }: { signal?: AbortSignal | undefined; except?: readonly string[] } = {},
): Promise<void> {
  const root = await realFolder(path);
  const real = await Promise.all(except.map((each) => realpath(each).catch(() => each)));
  try {
    await atOnce(walkFolder(root, real), PLACES, async (file) => {
      signal?.throwIfAborted();
      await take(file, writer, signal);
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw advised(error);
  }
  signal?.throwIfAborted();
}

async function realFolder(path: string): Promise<string> {
  const refuse = (reason: string) =>
    new GantryError("invalid-path", { path: shown(path), reason, field: "path" });
  try {
    const root = await realpath(path);
    if ((await stat(root)).isDirectory()) return root;
  } catch {
    throw refuse("there is no such folder");
  }
  throw refuse("it is not a folder");
}

async function take({ path, real }: FoundFile, writer: TreeWriter, signal?: AbortSignal): Promise<void> {
  let file: FileHandle;
  try {
    // What was a file a moment ago may be a FIFO by now, which must not block.
    file = await open(real, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reason = code === "ELOOP" || code === "ENXIO" ? null : unreadable(path, error);
    if (reason === null) return;
    throw reason;
  }
  try {
    const facts = await file.stat();
    if (!facts.isFile()) return;
    const executable = (facts.mode & 0o100) !== 0;
    // Only so much as there was at first: a log may grow as fast as it is read.
    const content =
      facts.size === 0
        ? Readable.from([])
        : file.createReadStream({ end: facts.size - 1, autoClose: false, signal });
    await writer.add(path, content, { executable });
  } finally {
    await file.close();
  }
}

/** What was refused, with a word on what to do. */
function advised(error: unknown): unknown {
  if (!(error instanceof GantryError) || error.details.hint !== undefined) return error;
  if (error.code === "too-large")
    return new GantryError(
      "too-large",
      { ...error.details, hint: "Name in .gantryignore what is no code: data, caches, builds." },
      error,
    );
  if (error.code === "invalid-path")
    return new GantryError("invalid-path", { ...error.details, hint: ADVICE, field: "path" }, error);
  return error;
}
