// What .gitignore and .gantryignore files say about the paths of a folder.
import ignore, { type Ignore } from "ignore";
import { readIgnoreFile } from "./read-ignore-file.ts";

/** The rules that hold directly in one folder. Paths are those below the root, without a slash at the end. */
export interface IgnoreRules {
  ignores(path: string, isFolder: boolean): boolean;
  /** The rules in a folder directly below, which may bring its own. `path` is where it lies below the root. */
  within(path: string): Promise<IgnoreRules>;
}

/** Those of the root. Throws `invalid-path` for a file with rules that can't be read. */
export const rulesOf = async (root: string): Promise<IgnoreRules> =>
  await descend(root, "", { git: [], gantry: [] });

/** Patterns as of the root, outer ones first: the last that matches decides. */
interface Patterns {
  git: string[];
  gantry: string[];
}

/** The library remembers each path that it was asked about. */
const REMEMBERED = 10_000;

async function descend(root: string, folder: string, outer: Patterns): Promise<IgnoreRules> {
  const own = async (name: string) =>
    (await readIgnoreFile(root, folder, name)).flatMap((line) => asOfRoot(line, folder));
  const [git, gantry] = [await own(".gitignore"), await own(".gantryignore")];
  const patterns = { git: [...outer.git, ...git], gantry: [...outer.gantry, ...gantry] };
  const all = [...patterns.git, ...patterns.gantry].map((pattern) => ({ pattern }));
  let matcher: Ignore = ignore({ ignorecase: false }).add(all);
  let asked = 0;
  return {
    ignores(path, isFolder) {
      if (all.length === 0) return false;
      if (++asked % REMEMBERED === 0) matcher = ignore({ ignorecase: false }).add(matcher);
      return matcher.ignores(isFolder ? `${path}/` : path);
    },
    within: (path) => descend(root, path, patterns),
  };
}

/** A line of the file in `folder` as if it stood in the root; none for comments and lines that match nothing. */
export function asOfRoot(line: string, folder: string): string[] {
  if (line.trim() === "" || line.startsWith("#")) return [];
  if (folder === "") return [line];
  const not = line.startsWith("!") ? "!" : "";
  const body = line.slice(not.length);
  const plain = body.replace(/(?<!\\) +$/, "");
  if (plain.replaceAll("/", "") === "") return [];
  const isAnchored = plain.slice(0, -1).includes("/");
  const here = folder.replace(/[\\*?[\]!# ]/g, "\\$&");
  return [`${not}/${here}/${isAnchored ? body.replace(/^\//, "") : `**/${body}`}`];
}
