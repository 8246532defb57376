// Writes files into a new folder of the owner's: all of them, or none.
import { randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, realpath, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { GantryError } from "../domain/errors.ts";
import type { TemplateFiles } from "../domain/template.ts";

/** What was written; `undo` takes it away again. */
export interface Written {
  /** The folder's real path. */
  folder: string;
  undo(): Promise<void>;
}

/** Returns the real path that a new folder would have. Throws `folder-taken` where one is that is not empty, and `invalid-path`. */
export async function checkNewFolder(path: string): Promise<string> {
  const found = await factsOf(path);
  if (found !== null && !found.isDirectory())
    throw new GantryError("folder-taken", { path, reason: "it is not a folder", field: "folder" });
  if (found !== null) {
    const entries = await readdir(path).catch((error: unknown) => Promise.reject(explain(path, error)));
    if (entries.length > 0)
      throw new GantryError("folder-taken", { path, reason: "it is not empty", field: "folder" });
    return await realpath(path);
  }
  const parent = dirname(path);
  const facts = await factsOf(parent);
  if (facts?.isDirectory()) return join(await realpath(parent), basename(path));
  const reason = facts === null ? "there is no such folder" : "it is not a folder";
  throw new GantryError("invalid-path", { path: parent, reason, field: "folder" });
}

/** `path` as `checkNewFolder` returned it. Whoever may read its parent may read what is written. Throws as that, and `disk-full`. */
export async function writeFolder(path: string, files: TemplateFiles): Promise<Written> {
  const isThere = (await factsOf(path)) !== null;
  const place = isThere ? path : dirname(path);
  const staging = join(place, `.${basename(path)}.${randomBytes(6).toString("hex")}`);
  try {
    const open = (await stat(place)).mode & 0o055;
    await fill(staging, files, open);
    // Somebody may stand in an empty folder, so that stays the one that it is.
    if (isThere) await moveInto(path, staging);
    else await rename(staging, path);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw explain(path, error);
  }
  const tops = new Set([...files.keys()].map((file) => file.split("/")[0] ?? file));
  return {
    folder: path,
    undo: async () => {
      const gone = isThere ? [...tops].map((top) => join(path, top)) : [path];
      for (const each of gone) await rm(each, { recursive: true, force: true });
    },
  };
}

/** `open`: the bits for others that folders get; files get the same for reading. The daemon's own umask is for its home. */
async function fill(folder: string, files: TemplateFiles, open: number): Promise<void> {
  const make = async (path: string): Promise<void> => {
    await mkdir(path);
    await chmod(path, 0o700 | open);
  };
  const made = new Set([folder]);
  await make(folder);
  for (const [path, { content, executable }] of files) {
    const parts = path.split("/").slice(0, -1);
    for (const index of parts.keys()) {
      const inner = join(folder, ...parts.slice(0, index + 1));
      if (!made.has(inner)) await make(inner);
      made.add(inner);
    }
    await writeFile(join(folder, path), content, { flag: "wx" });
    await chmod(join(folder, path), executable ? 0o700 | open : 0o600 | (open & 0o044));
  }
}

async function moveInto(path: string, staging: string): Promise<void> {
  const entries = (await readdir(path)).filter((name) => name !== basename(staging));
  if (entries.length > 0)
    throw new GantryError("folder-taken", { path, reason: "it is not empty", field: "folder" });
  for (const name of await readdir(staging)) await rename(join(staging, name), join(path, name));
  await rmdir(staging);
}

const factsOf = async (path: string) =>
  await stat(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw explain(path, error);
  });

function explain(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof GantryError || code === undefined) return error;
  if (code === "ENOTEMPTY" || code === "EEXIST")
    return new GantryError("folder-taken", { path, reason: "it is not empty", field: "folder" }, error);
  if (code === "ENOSPC" || code === "EDQUOT") return new GantryError("disk-full", {}, error);
  const reasons: Record<string, string> = {
    EACCES: "nothing may be written there",
    EPERM: "nothing may be written there",
    EROFS: "nothing can be written there",
    ENAMETOOLONG: "it is too long",
    ELOOP: "it is a link to itself",
    ENOTDIR: "a part of it is not a folder",
  };
  const reason = reasons[code] ?? `it can't be used (${code})`;
  return new GantryError("invalid-path", { path, reason, field: "folder" }, error);
}
