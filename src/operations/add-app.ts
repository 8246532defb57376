// Puts an app on the list whose code Gantry keeps. Runs nothing.
import type { Context } from "../context.ts";
import type { App, Source } from "../domain/app.ts";
import type { Tree } from "../domain/code.ts";
import type { TreeWriter } from "../domain/code-store.ts";
import type { AppPatch } from "../domain/config-patch.ts";
import { GantryError } from "../domain/errors.ts";
import { treeLimits } from "../domain/tree-limits.ts";
import { checkClaims } from "./check-claims.ts";
import { newApp, storeApps } from "./register-app.ts";

export interface NewCode {
  /** `name` and whatever else the owner says. */
  input: AppPatch;
  source: Exclude<Source, { type: "folder" }>;
  subfolder?: string;
  /** Brings the code; what it throws is thrown, and nothing is left then. */
  fill: (writer: TreeWriter) => Promise<void>;
}

/** Registers the app with its code as its draft. Throws `invalid-name`, `name-taken` and the like before any code is taken in. */
export async function addApp(
  context: Context,
  { input, source, subfolder = "", fill }: NewCode,
  actor: string,
): Promise<App> {
  const app = newApp(context, input, source);
  checkClaims(context, app);
  const tree = await takeIn(context, app, fill);
  const draft = { tree: tree.hash, subfolder, savedAt: context.clock.now(), author: actor };
  const added: App = { ...app, draft };
  await storeApps(context, [added], actor);
  return added;
}

/** Stores the code as a tree of the app. Nothing is left of one that was not filled. */
export async function takeIn(
  context: Context,
  app: Pick<App, "name">,
  fill: (writer: TreeWriter) => Promise<void>,
): Promise<Tree> {
  const writer = context.code.begin(app.name, treeLimits(context.settings));
  try {
    await fill(writer);
    if (writer.files === 0) throw new GantryError("invalid-code", { reason: "There is no file in it" });
    return await writer.seal();
  } finally {
    await writer.abort();
  }
}
