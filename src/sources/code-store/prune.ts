// Removes the code that nobody needs any more, while other code is coming in.
import { chmod, mkdir, readdir, rename, rmdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { atOnce } from "../../lib/at-once.ts";
import { discard, isMissing, PLACES, sync } from "./disk.ts";
import { readTree } from "./kept-content.ts";
import { SHORT } from "./places.ts";
import { isHeld, type Shelf } from "./shelf.ts";
import { isHash } from "./tree-list.ts";

const LEFTOVER_MS = 3_600_000;

/** Removes all but `keep` and the trees that are younger than `graceMs` and were in no `keep` yet. */
export async function prune(shelf: Shelf, keep: ReadonlySet<string>, graceMs: number): Promise<void> {
  const gone: string[] = [];
  await shelf.gate.alone(async () => {
    const wanted = new Set([...keep, ...freshTrees(shelf, keep, graceMs)]);
    gone.push(...(await hideWorkingCopies(shelf, wanted)));
    const needed = await removeLists(shelf, wanted);
    await removeContents(shelf, needed);
    gone.push(...(await leftovers(shelf)));
  });
  for (const path of gone) await discard(path);
}

function freshTrees(shelf: Shelf, keep: ReadonlySet<string>, graceMs: number): string[] {
  for (const [hash, at] of shelf.fresh)
    if (keep.has(hash) || performance.now() - at >= graceMs) shelf.fresh.delete(hash);
  return [...shelf.fresh.keys()];
}

/** Out of sight at once, since nobody may find a half one; returns where they are now. */
async function hideWorkingCopies({ places }: Shelf, wanted: ReadonlySet<string>): Promise<string[]> {
  const names = new Set([...wanted].map((hash) => hash.slice(0, SHORT)));
  const hidden: string[] = [];
  for (const name of await namesIn(places.work)) {
    if (names.has(name)) continue;
    const [from, to] = [join(places.work, name), places.staging()];
    await mkdir(places.incoming, { recursive: true, mode: 0o700 });
    // An app may have made its folder read-only, and then it can't be moved.
    await chmod(from, 0o700);
    await rename(from, to);
    hidden.push(to);
  }
  return hidden;
}

/** Returns the contents that the remaining trees need. Their lists are gone from the disk before any content is. */
async function removeLists(shelf: Shelf, wanted: ReadonlySet<string>): Promise<Set<string>> {
  const needed = new Set<string>();
  const { trees } = shelf.places;
  const names = await namesIn(trees);
  for (const name of names) {
    const hash = name.replace(/\.json$/, "");
    if (!wanted.has(hash)) await unlink(join(trees, name));
    else for (const file of await filesOf(shelf, hash)) needed.add(file.hash);
  }
  if (names.length > 0) await sync(trees);
  return needed;
}

/** None for a damaged list, which is not kept for anybody. */
const filesOf = async (shelf: Shelf, hash: string) =>
  await readTree(shelf, hash).then(
    (tree) => tree.files,
    (error: { code?: unknown }) => {
      if (error.code === "code-missing") return [];
      throw error;
    },
  );

async function removeContents(shelf: Shelf, needed: ReadonlySet<string>): Promise<void> {
  const { objects } = shelf.places;
  for (const prefix of await namesIn(objects)) {
    const folder = join(objects, prefix);
    const useless = (await namesIn(folder)).filter(
      (hash) => isHash(hash) && !needed.has(hash) && !isHeld(shelf, hash),
    );
    await atOnce(useless, PLACES, (hash) => unlink(join(folder, hash)));
    if (useless.length > 0) await rmdir(folder).catch(() => {});
  }
}

/** What killed and aborted writers left. */
async function leftovers({ places, staged }: Shelf): Promise<string[]> {
  const found: string[] = [];
  for (const name of await namesIn(places.incoming)) {
    const path = join(places.incoming, name);
    if (staged.has(path)) continue;
    const facts = await stat(path).catch(() => null);
    if (facts !== null && Date.now() - facts.mtimeMs > LEFTOVER_MS) found.push(path);
  }
  return found;
}

const namesIn = async (folder: string): Promise<string[]> =>
  await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
