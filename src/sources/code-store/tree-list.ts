// A tree as text: the list that is kept, and the hash that names it.
import { createHash } from "node:crypto";
import type { Tree, TreeFile } from "../../domain/code.ts";

/** Raised when the hash is made in another way. */
const LAYOUT = "gantry tree 1\n";

export const isHash = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/** The tree of these files, in any order. */
export function treeOf(files: Iterable<TreeFile>): Tree {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  // No path has a line end, so that no two trees have the same text.
  const lines = sorted.map((file) => `${file.executable ? "x" : "-"} ${file.hash} ${file.path}\n`);
  return {
    hash: createHash("sha256").update(LAYOUT).update(lines.join("")).digest("hex"),
    files: sorted,
    bytes: sorted.reduce((sum, file) => sum + file.bytes, 0),
  };
}

export const writeList = (tree: Tree): string =>
  JSON.stringify(tree.files.map(({ path, bytes, hash, executable }) => [path, bytes, hash, executable]));

/** Null where `text` is not the whole list of the tree `hash`. */
export function readList(text: string, hash: string): Tree | null {
  let rows: unknown;
  try {
    rows = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(rows)) return null;
  const files: TreeFile[] = [];
  for (const row of rows) {
    const [path, bytes, content, executable]: unknown[] = Array.isArray(row) ? row : [];
    if (typeof path !== "string" || typeof bytes !== "number") return null;
    if (typeof content !== "string" || typeof executable !== "boolean") return null;
    files.push({ path, bytes, hash: content, executable });
  }
  const tree = treeOf(files);
  return tree.hash === hash ? tree : null;
}
