// Which paths a file of a tree may have, and which of them go together.
import { shown } from "./shown.ts";

const MAX_BYTES = 4_096;
const MAX_PART_BYTES = 255;
const MAX_PARTS = 64;

const byteLength = (text: string): number => new TextEncoder().encode(text).length;

/** Why `path` can't be the path of a file in a tree, as the end of a sentence; null where it can. */
export function treePathProblem(path: string): string | null {
  if (path === "") return "it is empty";
  if (!path.isWellFormed()) return "it is not valid Unicode";
  if (/\p{Cc}/u.test(path)) return "it has control characters";
  if (path.includes("\\")) return "it has a backslash";
  if (path.startsWith("/")) return "it is absolute";
  if (byteLength(path) > MAX_BYTES) return `it is longer than ${MAX_BYTES} bytes`;
  const parts = path.split("/");
  if (parts.length > MAX_PARTS) return `it is more than ${MAX_PARTS} folders deep`;
  for (const part of parts) {
    if (part === "") return "a part of it is empty";
    if (part === "." || part === "..") return `it has "${part}" as a part`;
    if (byteLength(part) > MAX_PART_BYTES) return `a part of it is longer than ${MAX_PART_BYTES} bytes`;
  }
  return null;
}

/** The paths of one tree while it grows. */
export interface TreePaths {
  /** Takes `path` up and returns null, or says why it can't stand beside those that are there. */
  add(path: string): string | null;
}

/**
 * Files that some file systems take for one (by case, or by NFC and NFD) exclude each other, as do a file and a folder of one
 * name. Folders that differ only so are left alone: nothing is lost where they become one.
 */
export function createTreePaths(): TreePaths {
  const files = new Map<string, string>();
  const folders = new Map<string, string>();
  return {
    add(path) {
      const problem = treePathProblem(path);
      if (problem !== null) return problem;
      const keys = prefixes(folded(path));
      const key = keys.pop() ?? "";
      const twin = files.get(key);
      if (twin === path) return "it is there twice";
      if (twin !== undefined)
        return `it differs from ${shown(twin)} only in case or in how its letters are encoded`;
      const inside = folders.get(key);
      if (inside !== undefined) return `it is a folder too, which holds ${shown(inside)}`;
      const above = keys.map((each) => files.get(each)).find((each) => each !== undefined);
      if (above !== undefined) return `${shown(above)} is a file, not a folder`;
      files.set(key, path);
      for (const each of keys) if (!folders.has(each)) folders.set(each, path);
      return null;
    },
  };
}

/** Equal for names that a file system without case, or with another normal form, takes for one. */
const folded = (text: string): string => text.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");

/** `a/b/c` → `a`, `a/b`, `a/b/c`. */
function prefixes(path: string): string[] {
  const found: string[] = [];
  for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1))
    found.push(path.slice(0, slash));
  found.push(path);
  return found;
}
