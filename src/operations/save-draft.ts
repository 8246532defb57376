// Saves code without deploying it.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { Tree, TreeFile } from "../domain/code.ts";
import type { TreeWriter } from "../domain/code-store.ts";
import { GantryError } from "../domain/errors.ts";
import { treeLimits } from "../domain/tree-limits.ts";
import { type AppCode, presentCode } from "./code-of-app.ts";

/** null removes the file. */
export type FileChanges = Record<string, { content: Buffer; executable?: boolean } | null>;

export interface DraftChange {
  files: FileChanges;
  /** All other files go. */
  replace: boolean;
  /** Trees that the person has seen: another one by now is a conflict. */
  ifMatch?: string[];
}

/** So often a change is made anew on what somebody else saved meanwhile. */
const MAX_TRIES = 50;

/** Throws `stale`, `invalid-path`, `too-large`, `disk-full`; nothing is changed then. */
export async function saveDraft(
  context: Context,
  app: App,
  change: DraftChange,
  actor: string,
): Promise<void> {
  for (let left = MAX_TRIES; left > 0; left--) {
    const now = context.store.apps.get(app.id);
    if (now === undefined || now.deletedAt !== null) throw new GantryError("app-missing", { app: app.name });
    if (await trySave(context, now, change, actor)) return;
  }
  throw new GantryError("stale", { app: app.name });
}

/** False when somebody else saved meanwhile, and what they saved would be lost. */
async function trySave(
  context: Context,
  app: App,
  { files, replace, ifMatch }: DraftChange,
  actor: string,
): Promise<boolean> {
  const before = await presentCode(context, app);
  checkSeen(app, before, ifMatch);
  const tree = await changedTree(context, app, replace ? [] : (before?.tree.files ?? []), files);
  let saved = true;
  await context.store.write(() => {
    const now = context.store.apps.get(app.id);
    if (now === undefined || now.deletedAt !== null) throw new GantryError("app-missing", { app: app.name });
    saved = (replace && ifMatch === undefined) || hasSameCode(now, app);
    if (!saved) return {};
    const savedAt = context.clock.now();
    const draft = { tree: tree.hash, subfolder: before?.subfolder ?? "", savedAt, author: actor };
    return {
      put: { apps: [{ ...now, draft }] },
      events: [{ type: "draft.saved", appId: app.id, actor, message: `a draft of ${app.name} was saved` }],
    };
  });
  return saved;
}

const hasSameCode = (a: App, b: App): boolean =>
  a.draft?.tree === b.draft?.tree && a.targetReleaseId === b.targetReleaseId;

function checkSeen(app: App, before: AppCode | null, ifMatch: string[] | undefined): void {
  if (ifMatch !== undefined && !ifMatch.includes(before?.tree.hash ?? ""))
    throw new GantryError("stale", { app: app.name });
}

async function changedTree(
  context: Context,
  app: App,
  before: readonly TreeFile[],
  changes: FileChanges,
): Promise<Tree> {
  const writer = context.code.begin(app.name, treeLimits(context.settings));
  try {
    for (const file of before) if (!Object.hasOwn(changes, file.path)) await writer.include(file);
    await addChanges(writer, before, changes);
    return await writer.seal();
  } finally {
    await writer.abort();
  }
}

async function addChanges(
  writer: TreeWriter,
  before: readonly TreeFile[],
  changes: FileChanges,
): Promise<void> {
  for (const [path, change] of Object.entries(changes)) {
    if (change === null) continue;
    const executable = change.executable ?? before.find((file) => file.path === path)?.executable ?? false;
    await writer.add(path, change.content, { executable });
  }
}

/** Back to the code that is deployed. An app without a release keeps its only code. */
export async function discardDraft(context: Context, app: App, actor: string): Promise<void> {
  if (app.draft == null) return;
  if (app.targetReleaseId === null && app.source.type !== "folder")
    throw new GantryError("needs-force", {
      reason: `${app.name} has no release: its draft is all the code there is`,
      hint: `Delete the app instead: gantry unregister ${app.name}`,
    });
  await context.store.write(() => {
    const now = context.store.apps.get(app.id);
    if (now === undefined) return {};
    return {
      put: { apps: [{ ...now, draft: null }] },
      events: [
        { type: "draft.discarded", appId: app.id, actor, message: `the draft of ${app.name} was discarded` },
      ],
    };
  });
}
