// Removes the releases that nobody needs any more, with their logs and their code.
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { isOpen } from "../domain/deployment.ts";
import type { Release } from "../domain/release.ts";
import { surplusReleases } from "../domain/retention.ts";
import { deploymentLogs } from "./app-folder.ts";

/**
 * Keeps the newest ones (GANTRY_RELEASE_RETENTION), the target, the good one, what lives, what a deployment under way is about, and
 * what is pinned. Does nothing while the app is being built: it will be asked again afterwards.
 */
export async function pruneReleases(context: Context, appId: string): Promise<void> {
  const { store, settings } = context;
  const app = store.apps.get(appId);
  if (app === undefined || app.deletedAt !== null || app.system || isBuilding(context, app)) return;
  await store.write(() => {
    const now = store.apps.get(appId);
    if (now === undefined) return {};
    const surplus = surplusReleases(
      store.releases.ofApp(appId),
      settings.releaseRetention,
      neededReleases(context, now),
    );
    if (surplus.length === 0) return {};
    const numbers = surplus.map(({ number }) => number).sort((a, b) => a - b);
    const message = `${numbers.length === 1 ? "release" : "releases"} ${numbers.join(", ")} of ${app.name} ${numbers.length === 1 ? "was" : "were"} removed`;
    return {
      remove: { releases: surplus.map(({ id }) => id) },
      events: [{ type: "release.removed", appId, actor: "daemon", message, data: { releases: numbers } }],
    };
  });
  await removeLogs(context, app);
  const now = store.apps.get(appId);
  if (now !== undefined && now.deletedAt === null && now.name === app.name && !isBuilding(context, now))
    await context.code.prune(app.name, neededTrees(context, now));
}

/** The same for all apps. */
export async function pruneAllReleases(context: Context): Promise<void> {
  for (const { id } of [...context.store.apps.all()]) await pruneReleases(context, id);
}

/** Prunes an app whenever a deployment of it is done. Returns the undo. */
export function pruneAfterDeploys(context: Context): () => void {
  return context.store.onEvent(({ type, appId }) => {
    if (type !== "deployment.finished" || appId === null) return;
    pruneReleases(context, appId).catch((error) =>
      context.log.warn("old releases could not be removed", { appId, error: String(error) }),
    );
  });
}

const isBuilding = ({ store }: Context, app: App): boolean =>
  store.deployments.ofApp(app.id).some(({ state }) => state === "building");

function neededReleases({ store }: Context, app: App): Set<string> {
  const needed = new Set<string>();
  const add = (id: string | null | undefined): void => void (id != null && needed.add(id));
  add(app.targetReleaseId);
  add(app.goodReleaseId);
  for (const row of store.instances.ofApp(app.id)) if (row.endedAt === null) add(row.releaseId);
  for (const one of store.deployments.ofApp(app.id).filter(isOpen)) {
    add(one.releaseId);
    add(one.undo?.targetReleaseId);
    if (one.origin?.type === "release") add(one.origin.releaseId);
  }
  return needed;
}

function neededTrees({ store }: Context, app: App): Set<string> {
  const trees = new Set<string>();
  const addOf = ({ code }: Release): void => void (code?.type === "tree" && trees.add(code.hash));
  for (const release of store.releases.ofApp(app.id)) addOf(release);
  if (app.draft != null) trees.add(app.draft.tree);
  const deployments = store.deployments.ofApp(app.id);
  // An app without a release is built again from what came for it last.
  const latest = deployments.findLast(({ origin }) => origin?.type === "tree");
  for (const { origin } of [...deployments.filter(isOpen), ...(latest === undefined ? [] : [latest])])
    if (origin?.type === "tree") trees.add(origin.hash);
  return trees;
}

async function removeLogs(context: Context, app: App): Promise<void> {
  const { store } = context;
  const folder = deploymentLogs(context, app);
  const names = await readdir(folder).catch(() => []);
  const kept = new Set([
    ...store.releases.ofApp(app.id).map(({ deploymentId }) => deploymentId),
    ...store.deployments.ofApp(app.id).map(({ id }) => id),
  ]);
  for (const name of names)
    if (!kept.has(name.replace(/\.log$/, ""))) await rm(join(folder, name), { force: true });
}
