// The trees of an app: its draft, a release's, and what is in them.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { linkedFolder } from "../domain/app.ts";
import type { Tree, TreeFile } from "../domain/code.ts";
import { GantryError } from "../domain/errors.ts";
import { codeOf } from "../domain/release.ts";
import { shown } from "../domain/shown.ts";
import { treeLimits } from "../domain/tree-limits.ts";
import { openDraft } from "./open-draft.ts";
import { findRelease } from "./rollback-app.ts";

export interface AppCode {
  tree: Tree;
  subfolder: string;
}

/** Of release `number`. Throws `release-missing`, and `code-missing` where it ran a linked folder. */
export async function releaseCode(context: Context, app: App, number: number): Promise<AppCode> {
  const code = codeOf(findRelease(context, app, number));
  if (code.type === "tree")
    return { tree: await context.code.tree(app.name, code.hash), subfolder: code.subfolder };
  throw new GantryError("code-missing", {
    what: `The code of release ${number}`,
    hint: "It ran the linked folder as it was then. gantry deploy keeps a copy.",
  });
}

/** What an editor shows: the draft, else the code that is to run. A linked folder is copied as it is now. Null where there is none. */
export async function presentCode(context: Context, app: App): Promise<AppCode | null> {
  const code = await keptCodeOf(context, app);
  const folder = code === null ? linkedFolder(app) : null;
  return folder === null ? code : { tree: await copyFolder(context, app, folder), subfolder: "" };
}

/** The same, but null where the app runs its linked folder. */
export async function keptCodeOf(context: Context, app: App): Promise<AppCode | null> {
  const draft = openDraft(context, app);
  if (draft !== null) return await kept(context, app, draft);
  const release = app.targetReleaseId === null ? undefined : context.store.releases.get(app.targetReleaseId);
  const code = release === undefined ? null : codeOf(release);
  if (code?.type === "tree") return await kept(context, app, { tree: code.hash, subfolder: code.subfolder });
  return app.draft == null || linkedFolder(app) !== null ? null : await kept(context, app, app.draft);
}

const kept = async (
  { code }: Context,
  app: App,
  { tree, subfolder }: { tree: string; subfolder: string },
): Promise<AppCode> => ({ tree: await code.tree(app.name, tree), subfolder });

async function copyFolder(context: Context, app: App, folder: string): Promise<Tree> {
  const writer = context.code.begin(app.name, treeLimits(context.settings));
  try {
    await context.sources.folder(folder, writer);
    return await writer.seal();
  } finally {
    await writer.abort();
  }
}

/** Throws `code-missing`. */
export async function readFile(
  { code }: Context,
  app: App,
  { tree }: AppCode,
  path: string,
): Promise<{ file: TreeFile; content: Buffer }> {
  const file = tree.files.find((one) => one.path === path);
  if (file === undefined) throw new GantryError("code-missing", { what: `A file ${shown(path)}` });
  return { file, content: await code.read(app.name, tree.hash, path) };
}
