// What changed from one tree to another.
import { createTwoFilesPatch } from "diff";
import type { FileChange, Tree, TreeFile } from "../domain/code.ts";

/** Larger files, and binary ones, are only said to have changed. */
const MAX_BYTES = 512 * 1_024;
/** Texts that differ in more lines than this take long to compare. */
const MAX_EDITS = 1_000;
/** So many files are compared line by line; of more it is only said that they changed. */
const MAX_FILES = 500;

type Read = (tree: string, path: string) => Promise<Buffer>;

/** By path. `older` null: everything was added. */
export async function diffTrees(older: Tree | null, newer: Tree, read: Read): Promise<FileChange[]> {
  const before = new Map((older?.files ?? []).map((file) => [file.path, file]));
  const after = new Map(newer.files.map((file) => [file.path, file]));
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  const changes: FileChange[] = [];
  for (const path of paths) {
    const [from, to] = [before.get(path), after.get(path)];
    if (from?.hash === to?.hash && from?.executable === to?.executable) continue;
    const change = from === undefined ? "added" : to === undefined ? "removed" : "changed";
    const isShown = changes.length < MAX_FILES;
    const texts = isShown && [await textOf(from, older, read), await textOf(to, newer, read)];
    changes.push({ path, change, diff: texts ? unified(path, change, texts) : null });
  }
  return changes;
}

/** Empty where there is no file; null where it is no text, or a very long one. */
async function textOf(file: TreeFile | undefined, tree: Tree | null, read: Read): Promise<string | null> {
  if (file === undefined || tree === null) return "";
  if (file.bytes > MAX_BYTES) return null;
  const content = await read(tree.hash, file.path);
  if (content.includes(0)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    return null;
  }
}

function unified(path: string, change: FileChange["change"], texts: (string | null)[]): string | null {
  const [from, to] = texts;
  if (from == null || to == null) return null;
  const names = [
    change === "added" ? "/dev/null" : `a/${path}`,
    change === "removed" ? "/dev/null" : `b/${path}`,
  ];
  const [a = "", b = ""] = names;
  const patch = createTwoFilesPatch(a, b, from, to, "", "", { context: 3, maxEditLength: MAX_EDITS });
  return patch?.replace(/^=+\n/, "") ?? null;
}
