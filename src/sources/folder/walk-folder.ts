// Finds the files of a folder that are its code: links resolved, what is left out left out.
import type { Dirent } from "node:fs";
import { access, lstat, opendir, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { GantryError } from "../../domain/errors.ts";
import { ENVIRONMENT_MARK, isLeftOut } from "../../domain/left-out.ts";
import { shown } from "../../domain/shown.ts";
import { type IgnoreRules, rulesOf } from "./ignore-rules.ts";

export interface FoundFile {
  /** In the tree. */
  path: string;
  /** Where it really lies, absolute. */
  real: string;
}

/** Linked folders in linked folders may stand for more files than there are atoms. */
const MAX_LINKED_FOLDERS = 1_000;
const MAX_DEPTH = 64;

/** The files below `root`, a real path, in no order. Folders in `except` (real paths) are left out. Throws `invalid-path`. */
export async function* walkFolder(root: string, except: readonly string[]): AsyncGenerator<FoundFile> {
  yield* new Walk(root, except).folder("", "", await rulesOf(root), []);
}

class Walk {
  #root: string;
  #except: readonly string[];
  #linkedFolders = 0;

  constructor(root: string, except: readonly string[]) {
    this.#root = root;
    this.#except = except;
  }

  /**
   * `path` is the folder's in the tree, `at` where it lies below the root; they differ behind a link. `above` are the folders that
   * lead here.
   */
  async *folder(
    path: string,
    at: string,
    rules: IgnoreRules,
    above: readonly string[],
  ): AsyncGenerator<FoundFile> {
    if (path.split("/").length > MAX_DEPTH) throw refused(path, `it is more than ${MAX_DEPTH} folders deep`);
    const entries = await opendir(join(this.#root, at), { bufferSize: 256 }).catch((error: unknown) => {
      const reason = unreadable(path, error);
      if (reason !== null) throw reason;
    });
    if (entries === undefined) return;
    const trail = [...above, at];
    for await (const entry of entries) {
      const [childPath, childAt] = [join(path, entry.name), join(at, entry.name)];
      const kind = await this.#kindOf(entry, childAt);
      if (kind === "other" || isLeftOut(entry.name, kind === "folder")) continue;
      if (rules.ignores(childAt, kind === "folder")) continue;
      if (kind === "file") yield { path: childPath, real: join(this.#root, childAt) };
      else if (kind === "link") yield* this.#link(childPath, childAt, trail);
      else if (!(await this.#isForeign(childAt)))
        yield* this.folder(childPath, childAt, await rules.within(childAt), trail);
    }
  }

  async #kindOf(entry: Dirent, at: string): Promise<"file" | "folder" | "link" | "other"> {
    const known = entry.isFile() || entry.isDirectory() || entry.isSymbolicLink();
    // Some file systems don't tell the kind with the name. One that has vanished meanwhile is no file any more.
    const facts = known ? entry : await lstat(join(this.#root, at)).catch(() => null);
    if (facts?.isFile()) return "file";
    if (facts?.isDirectory()) return "folder";
    return facts?.isSymbolicLink() ? "link" : "other";
  }

  /** A Python environment, or a folder that the caller excepts. */
  async #isForeign(at: string): Promise<boolean> {
    const real = join(this.#root, at);
    if (this.#except.includes(real)) return true;
    return await access(join(real, ENVIRONMENT_MARK)).then(
      () => true,
      () => false,
    );
  }

  async *#link(path: string, link: string, above: readonly string[]): AsyncGenerator<FoundFile> {
    const real = await realpath(join(this.#root, link)).catch((error: unknown) => {
      const code = (error as NodeJS.ErrnoException).code;
      throw refused(path, code === "ELOOP" ? "it is a link to itself" : "it is a link to nothing");
    });
    const at = relative(this.#root, real);
    if (at === ".." || at.startsWith(`..${sep}`))
      throw refused(path, "it is a link that leads out of the folder");
    const facts = await stat(real);
    if (facts.isFile()) yield { path, real };
    if (!facts.isDirectory()) return;
    if (above.includes(at)) throw refused(path, "it is a link to a folder that it lies in");
    if (++this.#linkedFolders > MAX_LINKED_FOLDERS)
      throw refused(path, `it is one of more than ${MAX_LINKED_FOLDERS} links to folders`);
    if (await this.#isForeign(at)) return;
    yield* this.folder(path, at, await this.#rulesAt(at), above);
  }

  async #rulesAt(at: string): Promise<IgnoreRules> {
    let rules = await rulesOf(this.#root);
    const parts = at.split("/");
    for (const index of parts.keys()) rules = await rules.within(parts.slice(0, index + 1).join("/"));
    return rules;
  }
}

/** What the owner can do about a file that can't be taken. */
export const ADVICE = "Change it, or name it in .gantryignore.";

const refused = (path: string, reason: string, cause?: unknown): GantryError =>
  new GantryError("invalid-path", { path: shown(path), reason, hint: ADVICE, field: "path" }, cause);

/** An error for people where it is theirs to solve, null for what has vanished meanwhile, else `error` itself. */
export function unreadable(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "EACCES" || code === "EPERM") return refused(path, "it can't be read", error);
  if (code === "ENAMETOOLONG") return refused(path, "its path is too long", error);
  if (code !== "ENOENT" && code !== "ENOTDIR") return error;
  return path.includes("\uFFFD") ? refused(path, "its name is not valid UTF-8", error) : null;
}
