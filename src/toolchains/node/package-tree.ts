// A node_modules folder as a list, and the same folder at another place without copying what is in its files.
import {
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { dirname, isAbsolute, join, normalize } from "node:path";
import { atOnce } from "../../lib/at-once.ts";
import { inSlices } from "../../lib/in-slices.ts";
import { isSelfContained } from "./install-scripts.ts";

/** Paths are relative to node_modules. */
export interface PackageTree {
  /** Where it was installed: the project's folder. */
  madeIn: string;
  /** Each behind the one that it is in. */
  folders: string[];
  /** Path, bytes and time (ms) of each file: an app that writes into its packages is found by these. */
  files: [string, number, number][];
  /** Path and target of each symbolic link. */
  links: [string, string][];
}

const PLACES = 3;
const MAX_FILES = 300_000;
/** In node_modules itself, made by tools for one project. */
const LEFT_OUT = new Set([".cache", ".vite", ".gantry-install", ".gantry-build"]);

/** What lies in `dir`/node_modules; null where something leads out of it, or depends on more than itself. */
export async function listPackages(dir: string, signal?: AbortSignal): Promise<PackageTree | null> {
  const root = join(dir, "node_modules");
  const tree: PackageTree = { madeIn: dir, folders: [], files: [], links: [] };
  let isPlain = true;
  const look = async (folder: string): Promise<string[]> => {
    const below: string[] = [];
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (folder === "" && LEFT_OUT.has(entry.name)) continue;
      if (entry.isDirectory()) below.push(path);
      else if (entry.isSymbolicLink()) tree.links.push([path, await readlink(join(root, path))]);
      else if (entry.isFile()) {
        const { size, mtimeMs } = await lstat(join(root, path));
        tree.files.push([path, size, mtimeMs]);
        if (isPackage(path)) isPlain &&= isSelfContained(await readFile(join(root, path), "utf8"));
      } else isPlain = false;
    }
    return below;
  };
  for (let level = [""]; level.length > 0 && isPlain && tree.files.length < MAX_FILES; ) {
    const next: string[] = [];
    await atOnce(level, PLACES, async (folder) => {
      signal?.throwIfAborted();
      next.push(...(await look(folder)));
    });
    tree.folders.push(...next);
    level = next;
  }
  return isPlain && tree.files.length < MAX_FILES && tree.links.every(staysInside) ? tree : null;
}

const isPackage = (path: string): boolean =>
  /^(?:|.*\/node_modules\/)(?:@[^/]+\/)?[^/@][^/]*\/package\.json$/.test(path);

const staysInside = ([path, target]: [string, string]): boolean =>
  !isAbsolute(target) && !/^\.\.(?:\/|$)/.test(normalize(join(dirname(path), target)));

/**
 * Makes the folder `to`, which must not be there, of what lies in `from`. Files share their contents: as copies that part when one is
 * written, where the file system has those, else as hard links, else they are copied. False where a file is not as it is listed.
 * `forDir` is the folder of the project that it is for.
 */
export async function placePackages(
  { from, to, forDir }: { from: string; to: string; forDir: string },
  tree: PackageTree,
  signal?: AbortSignal,
): Promise<boolean> {
  const share = sharing();
  let isSame = true;
  mkdirSync(to, { recursive: true, mode: 0o755 });
  await inSlices(tree.folders, (path) => mkdirSync(join(to, path)), signal);
  const place = ([path, size, mtimeMs]: [string, number, number]): void => {
    const [source, target] = [join(from, path), join(to, path)];
    const facts = statSync(source, { throwIfNoEntry: false });
    if (facts?.size !== size || facts.mtimeMs !== mtimeMs) isSame = false;
    else if (isProgram(path)) placeProgram(source, target, tree.madeIn, forDir);
    else if (isRewritten(path)) copyFileSync(source, target, constants.COPYFILE_FICLONE);
    else share(source, target);
  };
  await inSlices(tree.files, (file) => isSame && place(file), signal);
  await inSlices(tree.links, ([path, target]) => symlinkSync(target, join(to, path)), signal);
  return isSame;
}

const isProgram = (path: string): boolean => /(?:^|\/)\.bin\/[^/]+$/.test(path);

/** pnpm's programs are scripts that name the folder in which they were installed. */
function placeProgram(source: string, target: string, madeIn: string, forDir: string): void {
  const content = readFileSync(source);
  const text = content.toString("utf8");
  const isScript = content.length < 64 * 1_024 && text.includes(madeIn);
  writeFileSync(target, isScript ? text.replaceAll(madeIn, forDir) : content, { mode: 0o755 });
}

/** Package managers and generators keep their notes and results in hidden places, and may write them in place. */
const isRewritten = (path: string): boolean =>
  /^\.pnpm\/[^/]+$/.test(path) || path.split("/").some((name) => name.startsWith(".") && name !== ".pnpm");

/** The best way that the file system has, found with the first file. */
function sharing(): (source: string, target: string) => void {
  const clone = (source: string, target: string): void =>
    copyFileSync(source, target, constants.COPYFILE_FICLONE_FORCE);
  const copy = (source: string, target: string): void =>
    copyFileSync(source, target, constants.COPYFILE_FICLONE);
  const ways = [clone, linkSync, copy];
  return (source, target) => {
    for (;;) {
      try {
        return ways[0]?.(source, target);
      } catch (error) {
        const { code = "" } = error as NodeJS.ErrnoException;
        // A file may have too many names; the next one has not.
        if (code === "EMLINK") return copy(source, target);
        if (ways.length === 1 || !CANNOT.has(code)) throw error;
        ways.shift();
      }
    }
  };
}

const CANNOT = new Set(["ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EINVAL", "EXDEV", "EPERM", "ENOTTY"]);
