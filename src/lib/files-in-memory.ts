// Files that lie on no disk but have a path: whoever reads through here needs not know.

/** Nothing can lie below a device, so no such path means a file of the disk. */
const ROOT = "/dev/null/in-memory-";
const folders = new Map<string, ReadonlyMap<string, Buffer | null>>();
let count = 0;

export interface MemoryFolder {
  /** Its path, for `fileInMemory` and the like; any other program finds nothing there. */
  dir: string;
  remove(): void;
}

/** Relative path → content. Null: there is such a file, but nobody will read it. */
export function folderInMemory(files: ReadonlyMap<string, Buffer | null>): MemoryFolder {
  const dir = `${ROOT}${++count}`;
  folders.set(dir, files);
  return { dir, remove: () => void folders.delete(dir) };
}

/** All files of a folder that lies in memory; undefined for any other path. */
export const filesInMemory = (dir: string): ReadonlyMap<string, Buffer | null> | undefined =>
  dir.startsWith(ROOT) ? (folders.get(dir) ?? new Map()) : undefined;

/** What is at an absolute path in memory: undefined where the path is one of the disk. */
export function placeInMemory(path: string): { content: Buffer | null } | "folder" | "nothing" | undefined {
  if (!path.startsWith(ROOT)) return undefined;
  const slash = path.indexOf("/", ROOT.length);
  const files = folders.get(slash === -1 ? path : path.slice(0, slash));
  const below = slash === -1 ? "" : path.slice(slash + 1).replace(/\/+$/, "");
  if (files === undefined) return "nothing";
  const content = files.get(below);
  if (content !== undefined) return { content };
  const isFolder = below === "" || [...files.keys()].some((name) => name.startsWith(`${below}/`));
  return isFolder ? "folder" : "nothing";
}
