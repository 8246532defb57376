// Deploys code: what is given, else the draft, else what the app's source has now.
import type { Context, DeployOrder } from "../context.ts";
import { type App, linkedFolder } from "../domain/app.ts";
import type { Deployment, Origin } from "../domain/deployment.ts";
import { GantryError } from "../domain/errors.ts";
import { checkFixedPort } from "./check-fixed-port.ts";
import { openDraft } from "./open-draft.ts";
import { startDependencies } from "./start-app.ts";

/**
 * Returns as soon as the deployment is stored; its row and its events tell how it goes on. With `start` the app and those that it
 * depends on are started; a running app moves to the new release in any case. Throws `app-missing` for a deleted app,
 * `app-disabled`, `port-taken` when its own port is somebody else's, and what is wrong with its dependencies.
 */
export async function deployApp(context: Context, app: App, order: DeployOrder): Promise<Deployment> {
  if (app.deletedAt !== null) throw new GantryError("app-missing", { app: app.name });
  if (order.start && !app.enabled) throw new GantryError("app-disabled", { app: app.name });
  if (order.start && !app.wanted) checkFixedPort(context, app);
  if (order.start) await startDependencies(context, app, order.actor);
  return await context.builder.request(app, { ...order, origin: order.origin ?? newestCode(context, app) });
}

/** What `deploy` means where nobody says what. */
export function newestCode(context: Context, app: App): Origin {
  const folder = linkedFolder(app);
  const draft = openDraft(context, app);
  if (draft !== null) return { type: "tree", hash: draft.tree, subfolder: draft.subfolder };
  if (folder !== null) return { type: "folder", path: folder };
  return app.source.type === "git" ? app.source : { type: "current" };
}
