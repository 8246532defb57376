// Reads the list of a ZIP file, and refuses what can be refused before anything is unpacked.
import type { ZipFile } from "yauzl";
import type { TreeLimits } from "../../domain/code-store.ts";
import { GantryError } from "../../domain/errors.ts";
import { shown } from "../../domain/shown.ts";
import { createTreePaths } from "../../domain/tree-paths.ts";
import { judge, refuse, type ZipEntry } from "./zip-entry.ts";

/** Folders and what is left out count too, but not as much. */
const ENTRIES_PER_FILE = 4;
const LOCAL_HEADER_BYTES = 30;
/** Code packs to a fifth; a whole archive of more than this is made to fill disks. */
const MAX_RATIO = 200;
const RATIO_FREE_BYTES = 64 * 2 ** 20;

/** The files to take out, in the order in which they lie there, without a single folder around all. Throws as `Sources.zip`. */
export async function listZip(
  zip: ZipFile,
  listAt: number,
  limits: TreeLimits,
  signal?: AbortSignal,
): Promise<ZipEntry[]> {
  if (zip.entryCount > limits.maxFiles * ENTRIES_PER_FILE) throw tooManyFiles(limits);
  const found: ZipEntry[] = [];
  const paths = createTreePaths();
  for await (const entry of zip.eachEntry()) {
    signal?.throwIfAborted();
    const file = judge(entry);
    if (file === null) continue;
    const problem = paths.add(file.path);
    if (problem !== null) throw refuse(`${shown(file.path, 100)} can't be taken: ${problem}`);
    if (found.length === limits.maxFiles) throw tooManyFiles(limits);
    found.push(file);
  }
  if (found.length === 0) throw refuse("it holds no files");
  const list = withoutTopFolder(found).sort((a, b) => offsetOf(a) - offsetOf(b));
  checkSizes(list, zip.fileSize, limits);
  checkOverlap(list, listAt);
  return list;
}

const offsetOf = ({ entry }: ZipEntry): number => entry.relativeOffsetOfLocalHeader;

const tooManyFiles = ({ maxFiles }: TreeLimits): GantryError =>
  new GantryError("too-large", { what: "The archive", limit: `${maxFiles} files`, field: "file" });

/** Beside code they make a folder a project, also where it is a Python package too. */
const OF_PROJECTS = [
  "requirements.txt",
  "pyproject.toml",
  "setup.py",
  "Pipfile",
  "gantry.yaml",
  "Procfile",
  "manage.py",
];

/** A Python package keeps its folder: its modules find each other by that name. */
function withoutTopFolder(list: ZipEntry[]): ZipEntry[] {
  const top = `${list[0]?.path.split("/")[0]}/`;
  if (!list.every(({ path }) => path.startsWith(top))) return list;
  const has = (name: string): boolean => list.some(({ path }) => path === top + name);
  if (has("__init__.py") && !OF_PROJECTS.some(has)) return list;
  return list.map((each) => ({ ...each, path: each.path.slice(top.length) }));
}

/** An archive is believed where it speaks against itself; no entry gets longer than it says. */
function checkSizes(list: readonly ZipEntry[], packed: number, { maxBytes }: TreeLimits): void {
  const total = list.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
  if (total > maxBytes)
    throw new GantryError("too-large", {
      what: "The unpacked archive",
      limit: `${Math.floor(maxBytes / 2 ** 20)} MiB`,
      field: "file",
    });
  if (total > Math.max(RATIO_FREE_BYTES, packed * MAX_RATIO))
    throw refuse(`it unpacks to more than ${MAX_RATIO} times its size`);
}

/** Entries that share their data, each other's or the list's, make small archives huge. */
function checkOverlap(list: readonly ZipEntry[], listAt: number): void {
  for (const [index, each] of list.entries()) {
    const next = list[index + 1];
    const end = offsetOf(each) + LOCAL_HEADER_BYTES + each.entry.compressedSize;
    if (end > (next === undefined ? listAt : offsetOf(next)))
      throw refuse(`the data of ${shown(each.path, 100)} overlaps with other data`);
  }
}
