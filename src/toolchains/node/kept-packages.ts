// Keeps what was installed for one release, and gives it to the next that asks for the same: nothing is installed twice.
import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { mkdir, open, readFile, rename, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import { inSlices } from "../../lib/in-slices.ts";
import { inTurn } from "../in-turn.ts";
import { listPackages, type PackageTree, placePackages } from "./package-tree.ts";

/** A folder of a project, and where packages are kept for it. */
export interface Keeping {
  dir: string;
  envsDir: string;
  key: string;
}

const LIST = "contents.json";
const PACKAGES = "node_modules";
/** In the project, while it is filled. */
const HALF = ".gantry-node-modules";

const placeOf = ({ envsDir, key }: Keeping): string => join(envsDir, `node-${key}`);
/** Removed with the next look for what nobody needs, should this process die. */
const hidden = ({ envsDir }: Keeping, why: "new" | "going"): string =>
  join(envsDir, `.${why}-node-${randomBytes(6).toString("hex")}`);

/** Fills the project's node_modules, which appears whole; false where there is nothing to take, or no longer as it was kept. */
export async function takePackages(keeping: Keeping, signal?: AbortSignal): Promise<boolean> {
  const place = placeOf(keeping);
  return await inTurn(place, async () => {
    const tree = await readTree(place);
    if (tree === null) return await remove(keeping, place);
    const half = join(keeping.dir, HALF);
    try {
      await rm(half, { recursive: true, force: true });
      const order = { from: join(place, PACKAGES), to: half, forDir: keeping.dir };
      if (await placePackages(order, tree, signal)) {
        await rename(half, join(keeping.dir, PACKAGES));
        await utimes(place, new Date(), new Date()).catch(() => {});
        return true;
      }
    } finally {
      await rm(half, { recursive: true, force: true });
    }
    return await remove(keeping, place);
  });
}

/** Keeps what was just installed in the project, where it can serve others. */
export async function keepPackages(keeping: Keeping, signal?: AbortSignal): Promise<void> {
  const tree = await listPackages(keeping.dir, signal);
  if (tree === null) return;
  const place = placeOf(keeping);
  const half = hidden(keeping, "new");
  await inTurn(place, async () => {
    try {
      await mkdir(half, { recursive: true, mode: 0o700 });
      const order = { from: join(keeping.dir, PACKAGES), to: join(half, PACKAGES), forDir: keeping.dir };
      if (!(await placePackages(order, tree, signal))) return;
      await writeList(join(half, LIST), await asTheyLie(join(half, PACKAGES), tree, signal));
      await rename(half, place).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
      });
    } finally {
      await rm(half, { recursive: true, force: true });
    }
  });
}

/** Copies have times of their own. */
async function asTheyLie(root: string, tree: PackageTree, signal?: AbortSignal): Promise<PackageTree> {
  const files: PackageTree["files"] = [];
  const look = ([path]: [string, number, number]): void => {
    const { size, mtimeMs } = statSync(join(root, path));
    files.push([path, size, mtimeMs]);
  };
  await inSlices(tree.files, look, signal);
  return { ...tree, files };
}

/** Out of sight first: nobody may find a half one. False: there is nothing any more. */
async function remove(keeping: Keeping, place: string): Promise<false> {
  const going = hidden(keeping, "going");
  try {
    await rename(place, going);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
  await rm(going, { recursive: true, force: true });
  return false;
}

async function writeList(path: string, tree: PackageTree): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(JSON.stringify(tree));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Null where nothing is kept. */
async function readTree(place: string): Promise<PackageTree | null> {
  try {
    const tree = JSON.parse(await readFile(join(place, LIST), "utf8")) as Partial<PackageTree> | null;
    const { madeIn, folders, files, links } = tree ?? {};
    const isWhole = [folders, files, links].every(Array.isArray) && typeof madeIn === "string";
    return isWhole ? (tree as PackageTree) : null;
  } catch {
    return null;
  }
}
