// The place where Gantry keeps code: contents by hash, trees as lists of them, working copies to run in.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { CodeStore } from "../../domain/code-store.ts";
import { GantryError } from "../../domain/errors.ts";
import { shown } from "../../domain/shown.ts";
import { atOnce } from "../../lib/at-once.ts";
import { checkOut } from "./check-out.ts";
import { isMissing, PLACES } from "./disk.ts";
import { contentMissing, readContent, readTree } from "./kept-content.ts";
import { prune } from "./prune.ts";
import { createRecentLists } from "./recent-lists.ts";
import { createShelf, type Shelf, touch } from "./shelf.ts";
import { isHash } from "./tree-list.ts";
import { OpenTree } from "./tree-writer.ts";

export interface CodeStoreOptions {
  /** GANTRY_HOME; an app's code lies in `apps/<name>/releases`. One process at a time may use it. */
  home: string;
  /** How long a new tree stays that no prune was told of. Default: one minute. */
  graceMs?: number;
}

export function createCodeStore({ home, graceMs = 60_000 }: CodeStoreOptions): CodeStore {
  const shelves = new Map<string, Shelf>();
  const recent = createRecentLists();
  const shelfOf = (app: string): Shelf => {
    const shelf = shelves.get(app) ?? createShelf(home, app, recent);
    shelves.set(app, shelf);
    return shelf;
  };
  return {
    begin: (app, limits) => new OpenTree(shelfOf(app), limits),
    tree: (app, hash) => readTree(shelfOf(app), hash),
    async read(app, hash, path) {
      const shelf = shelfOf(app);
      const tree = await readTree(shelf, hash);
      const file = tree.files.find((each) => each.path === path);
      if (file === undefined) throw new GantryError("code-missing", { what: shown(path) });
      return await readContent(shelf, file);
    },
    async checkOut(app, hash, signal) {
      const shelf = shelfOf(app);
      const place = shelf.places.workingCopy(hash);
      signal?.throwIfAborted();
      if (isHash(hash)) touch(shelf, hash);
      if (isHash(hash) && (await isFolder(place))) return place;
      return await checkOut(shelf, await readTree(shelf, hash), signal);
    },
    copy: (from, to, hash) => copy(shelfOf(from), shelfOf(to), hash),
    prune: (app, keep) => prune(shelfOf(app), keep, graceMs),
  };
}

/** What is damaged is not copied: the other tree would be another one. */
async function copy(from: Shelf, to: Shelf, hash: string): Promise<void> {
  const tree = await readTree(from, hash);
  const writer = new OpenTree(to, { maxBytes: Number.MAX_SAFE_INTEGER, maxFiles: Number.MAX_SAFE_INTEGER });
  touch(from, hash);
  try {
    await atOnce(tree.files, PLACES, async (file) => {
      const content = createReadStream(from.places.object(file.hash));
      await writer.add(file.path, content, { executable: file.executable }).catch((error: unknown) => {
        throw isMissing(error) ? contentMissing(file) : error;
      });
    });
    const hashes = new Map(writer.list.map((file) => [file.path, file.hash]));
    const damaged = tree.files.find((file) => hashes.get(file.path) !== file.hash);
    if (damaged !== undefined) throw contentMissing(damaged);
    await writer.seal();
  } finally {
    await writer.abort();
  }
}

const isFolder = async (path: string): Promise<boolean> =>
  await stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
