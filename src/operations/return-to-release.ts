// Carries out a rollback: an older release is made fit to start again, where it is not, and becomes the target.
import { join } from "node:path";
import type { Context } from "../context.ts";
import { type App, linkedFolder } from "../domain/app.ts";
import type { Origin } from "../domain/deployment.ts";
import { GantryError } from "../domain/errors.ts";
import { codeOf, type Release } from "../domain/release.ts";
import { aimAtRelease, type Restored } from "./aim-at-release.ts";
import { buildCode, checkCode } from "./build-code.ts";
import { canStart } from "./can-start.ts";
import type { InTurn } from "./carry-out-deployment.ts";
import { checkClaims } from "./check-claims.ts";
import { composeLaunch } from "./compose-launch.ts";
import { type Journal, Overtaken } from "./deployment-journal.ts";
import { checkFolder } from "./detect-app.ts";
import { AT_ONCE } from "./not-applied.ts";

/** Throws `release-missing`, and what is wrong with its code where it has to be built again. */
export async function returnToRelease(
  context: Context,
  before: App,
  { releaseId, withEnv }: Extract<Origin, { type: "release" }>,
  journal: Journal,
  inTurn: InTurn,
  signal: AbortSignal,
): Promise<void> {
  const kept = context.store.releases.get(releaseId);
  if (kept === undefined) throw new GantryError("release-missing", { app: before.name, release: releaseId });
  await journal.stage("validate", () =>
    checkClaims(context, { ...before, ...restored(before, kept, withEnv) }),
  );
  const release = canStart(context, kept)
    ? kept
    : await inTurn(() => rebuild(context, before, kept, journal, signal));
  await context.store.write(() => {
    signal.throwIfAborted();
    const deployment = journal.deployment();
    const app = context.store.apps.get(before.id);
    if (app === undefined || app.deletedAt !== null) throw new Overtaken("the app is gone");
    const newest = context.store.releases.get(releaseId) ?? release;
    const chosen = { ...newest, launch: release.launch };
    return aimAtRelease(context, app, deployment, chosen, journal.moment(), restored(app, chosen, withEnv));
  });
  context.reconciler.wake(before.id);
}

/** What takes effect at once is no part of a release: it stays as it is. So do the variables and secrets, unless asked for. */
export function restored(app: App, release: Release, withEnv: boolean): Restored {
  const stays = Object.entries(app.config).filter(([key]) => AT_ONCE.has(key) || (key === "env" && !withEnv));
  return {
    config: { ...release.config, ...Object.fromEntries(stays) },
    ...(withEnv ? { secrets: release.secrets ?? {} } : {}),
  };
}

/** The same release with a launch that finds its files again. */
async function rebuild(
  context: Context,
  app: App,
  release: Release,
  journal: Journal,
  signal: AbortSignal,
): Promise<Release> {
  signal.throwIfAborted();
  const then = { ...app, config: release.config };
  const dir = await journal.stage("fetch", () => folderOf(context, app, release, signal));
  const checked = await journal.stage("validate", () => checkCode(context, then, dir, signal));
  const build = await journal.stage("build", () => buildCode(context, then, checked, journal, signal));
  return { ...release, launch: composeLaunch(then, dir, checked.detection, build) };
}

async function folderOf(context: Context, app: App, release: Release, signal: AbortSignal): Promise<string> {
  const code = codeOf(release);
  if (code.type === "tree")
    return checkFolder(join(await context.code.checkOut(app.name, code.hash, signal), code.subfolder));
  const folder = linkedFolder(app);
  if (folder === null)
    throw new GantryError("code-missing", { what: `The folder of release ${release.number}` });
  return checkFolder(folder);
}
