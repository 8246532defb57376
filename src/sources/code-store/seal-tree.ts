// Makes a filled tree visible: first its contents are on disk, then its list appears.
import { mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Tree } from "../../domain/code.ts";
import { atOnce } from "../../lib/at-once.ts";
import { PLACES, sync, syncAll, using } from "./disk.ts";
import type { Intake } from "./intake.ts";
import { type Shelf, touch } from "./shelf.ts";
import { writeList } from "./tree-list.ts";

/**
 * Order matters: whoever sees the list, also after a power cut, finds every content whole. `intake` holds the contents until this
 * has ended.
 */
export async function sealTree(shelf: Shelf, intake: Intake, tree: Tree): Promise<void> {
  const { places } = shelf;
  await intake.prepare();
  const list = join(intake.dir, "tree");
  await using(list, "wx", (file) => file.writeFile(writeList(tree)));
  // Syncing all of them at the end, together, lets the disk join what it would write one by one.
  await syncAll([...intake.staged.values(), list], intake.dir);
  await shelf.gate.together(async () => {
    // Also those of contents that an earlier writer moved there and was killed before it synced.
    const folders = new Set(tree.files.map(({ hash }) => dirname(places.object(hash))));
    await atOnce([places.trees, ...folders], PLACES, async (folder) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
    });
    await atOnce(intake.staged, PLACES, ([hash, path]) => rename(path, places.object(hash)));
    await syncAll([...folders, places.objects, ...above(places.root)], places.objects);
    await rename(list, places.list(tree.hash));
    await sync(places.trees);
    touch(shelf, tree.hash);
  });
}

/** The folders that may have been made for this tree: `releases`, the app's, `apps`, and the home. */
const above = (root: string): string[] => {
  const app = dirname(root);
  return [root, app, dirname(app), dirname(dirname(app))];
};
