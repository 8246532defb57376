// The code of an app, for an editor.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { DraftView } from "../domain/draft-view.ts";
import { codeOf } from "../domain/release.ts";
import { presentCode } from "./code-of-app.ts";
import { openDraft } from "./open-draft.ts";

export async function showDraft(context: Context, app: App): Promise<DraftView> {
  const code = await presentCode(context, app);
  const draft = app.draft?.tree === code?.tree.hash ? (app.draft ?? null) : null;
  return {
    state: code === null ? "none" : openDraft(context, app) === null ? "deployed" : "not-deployed",
    tree: code?.tree.hash ?? null,
    deployedTree: deployedTree(context, app),
    subfolder: code?.subfolder ?? "",
    savedAt: draft === null ? null : new Date(draft.savedAt).toISOString(),
    author: draft?.author ?? null,
    bytes: code?.tree.bytes ?? 0,
    files: code?.tree.files ?? [],
  };
}

function deployedTree({ store }: Context, app: App): string | null {
  const release = app.targetReleaseId === null ? undefined : store.releases.get(app.targetReleaseId);
  const code = release === undefined ? undefined : codeOf(release);
  return code?.type === "tree" ? code.hash : null;
}
