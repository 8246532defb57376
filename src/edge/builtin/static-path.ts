// From a request's target to a file below a site's root, and to nothing else.
import { constants } from "node:fs";
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";

export type Found =
  | { kind: "file"; handle: FileHandle; size: number; modifiedMs: number; name: string }
  | { kind: "folder" }
  | { kind: "missing" };

const MISSING: Found = { kind: "missing" };

/**
 * The decoded names in a target's path; null for whatever does not plainly name a file: dots, hidden names (except
 * `.well-known`), empty names, encoded slashes, backslashes, NUL and broken escapes.
 */
export function pathNames(target: string): string[] | null {
  const path = target.split("?", 1)[0] ?? "";
  const parts = path.slice(1).split("/");
  if (parts.at(-1) === "") parts.pop();
  const names: string[] = [];
  for (const part of parts) {
    let name: string;
    try {
      name = decodeURIComponent(part);
    } catch {
      return null;
    }
    if (name === "" || /[/\\\0]/.test(name) || isHidden(name)) return null;
    names.push(name);
  }
  return names;
}

/** A site's manifest may hold variables of its owner. */
const MANIFEST = /^gantry\.ya?ml$/i;

const isHidden = (name: string): boolean =>
  (name.startsWith(".") && name !== ".well-known") || MANIFEST.test(name);

/** Opens a regular file below `root`, links that stay below it included. Never blocks on a pipe, never opens a device. */
export async function find(root: string, names: string[]): Promise<Found> {
  try {
    const base = await realpath(root);
    const path = await realpath(join(base, ...names));
    if (path !== base && !path.startsWith(base === sep ? base : base + sep)) return MISSING;
    if (path.slice(base.length).split(sep).some(isHidden)) return MISSING;
    const facts = await stat(path);
    if (facts.isDirectory()) return { kind: "folder" };
    return facts.isFile() ? await openFile(path) : MISSING;
  } catch {
    return MISSING;
  }
}

async function openFile(path: string): Promise<Found> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const facts = await handle.stat();
  if (facts.isFile())
    return { kind: "file", handle, size: facts.size, modifiedMs: Math.floor(facts.mtimeMs), name: path };
  await handle.close();
  return MISSING;
}
