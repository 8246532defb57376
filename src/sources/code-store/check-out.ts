// Makes a tree a folder that an app can run in.
import { constants, readFileSync, statSync } from "node:fs";
import { chmod, copyFile, mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Tree, TreeFile } from "../../domain/code.ts";
import { atOnce } from "../../lib/at-once.ts";
import { codeOf, discard, isMissing, PLACES, sync, syncAll, told, using } from "./disk.ts";
import { contentMissing, forgetDamaged, hasContent, isContent } from "./kept-content.ts";
import type { Shelf } from "./shelf.ts";

/** So many bytes, just written and still in memory, are read without a detour through Node's threads. */
const SMALL = 128 * 1_024;

/**
 * The folder appears whole and durable, by one rename. Of two that make it at once, one comes second and takes the other's. Throws
 * `code-missing` for missing and damaged contents, `disk-full`, and the reason of `signal`.
 */
export async function checkOut(shelf: Shelf, tree: Tree, signal?: AbortSignal): Promise<string> {
  const { places } = shelf;
  const staging = places.staging();
  const place = places.workingCopy(tree.hash);
  shelf.staged.add(staging);
  try {
    const folders = foldersOf(tree).map((folder) => join(staging, folder));
    for (const folder of folders) await mkdir(folder, { recursive: true, mode: 0o700 });
    await atOnce(tree.files, PLACES, async (file) => {
      signal?.throwIfAborted();
      await copyOut(shelf, file, join(staging, file.path));
    });
    await syncAll([...tree.files.map((file) => join(staging, file.path)), ...folders], staging);
    await mkdir(places.work, { recursive: true, mode: 0o700 });
    signal?.throwIfAborted();
    await rename(staging, place).catch((error: unknown) => {
      if (codeOf(error) !== "ENOTEMPTY" && codeOf(error) !== "EEXIST") throw error;
    });
    for (const folder of [places.work, places.root]) await sync(folder);
    return place;
  } catch (error) {
    throw told(error);
  } finally {
    await discard(staging);
    shelf.staged.delete(staging);
  }
}

/** Never a hard link: an app may write into its files. Checked after copying, so that what was checked is what runs. */
async function copyOut(shelf: Shelf, file: TreeFile, to: string): Promise<void> {
  const from = shelf.places.object(file.hash);
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  } catch (error) {
    throw isMissing(error) ? contentMissing(file) : error;
  }
  const isWhole =
    file.bytes <= SMALL
      ? statSync(to).size === file.bytes && isContent(readFileSync(to), file)
      : await using(to, "r", async (copy) => await hasContent(copy, file));
  if (isWhole) return file.executable ? await chmod(to, 0o700) : undefined;
  await forgetDamaged(shelf, file.hash);
  throw contentMissing(file);
}

/** All folders of the tree, each behind the one that it is in; "" is the first. */
function foldersOf(tree: Tree): string[] {
  const found = new Set([""]);
  for (const { path } of tree.files) {
    const above: string[] = [];
    for (let at = dirname(path); at !== "." && !found.has(at); at = dirname(at)) above.unshift(at);
    for (const folder of above) found.add(folder);
  }
  return [...found];
}
