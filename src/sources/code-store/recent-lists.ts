// Reads lists of trees, and remembers a few: whoever compares or edits code asks for many files of one tree.
import { readFile, stat } from "node:fs/promises";
import type { Tree } from "../../domain/code.ts";
import { readList } from "./tree-list.ts";

export interface RecentLists {
  /** The tree `hash` whose list is the file `path`; null where it is damaged. Throws where the file can't be read. */
  read(path: string, hash: string): Promise<Tree | null>;
}

const REMEMBERED = 4;
/** Longer lists are read again: they would take too much memory for too long. */
const MAX_FILES = 10_000;

export function createRecentLists(): RecentLists {
  const known = new Map<string, { tree: Tree; stamp: string }>();
  const remember = (path: string, tree: Tree, stamp: string) => {
    known.delete(path);
    if (tree.files.length <= MAX_FILES) known.set(path, { tree, stamp });
    for (const oldest of known.keys()) if (known.size > REMEMBERED) known.delete(oldest);
  };
  return {
    async read(path, hash) {
      // A removed or damaged list is not to live on here.
      const { ino, mtimeMs, size } = await stat(path);
      const stamp = `${ino} ${mtimeMs} ${size}`;
      const last = known.get(path);
      const tree = last?.stamp === stamp ? last.tree : readList(await readFile(path, "utf8"), hash);
      if (tree !== null) remember(path, tree, stamp);
      return tree;
    },
  };
}
