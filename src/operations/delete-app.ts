// Takes an app off the list: softly (it can come back), or with all that Gantry keeps of it.
import { rm } from "node:fs/promises";
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { GantryError } from "../domain/errors.ts";
import { changeApp } from "./change-app.ts";
import { announceMove, finishMove, homesOf } from "./move-home.ts";
import { stopApp, untilStopped } from "./stop-app.ts";

/**
 * The owner's folder is never touched. A running app is deleted only with `force`, and is stopped before. Apps that
 * depend on it must go first, too. With `purge` its releases, logs and data in Gantry's home are removed; an app that is
 * deleted already can still be purged.
 */
export async function deleteApp(
  context: Context,
  app: App,
  { purge, force }: { purge: boolean; force: boolean },
  actor: string,
): Promise<void> {
  if (app.deletedAt !== null) return purge ? await purgeApp(context, app) : undefined;
  const running = context.store.instances.ofApp(app.id).some((row) => row.endedAt === null);
  if ((app.wanted || running) && !force) throw new GantryError("app-running", { app: app.name });
  const dependants = [...context.store.apps.all()].filter(
    (one) => one.deletedAt === null && one.config.dependsOn.includes(app.name),
  );
  if (dependants.length > 0 && !force)
    throw new GantryError("needs-force", {
      reason: `${dependants.map((one) => one.name).join(", ")} depends on ${app.name}`,
    });
  await stopApp(context, app, actor);
  if (!(await untilStopped(context, app.id, stopLimitMs(context, app)))) throw notStopped(context, app);
  await announceMove(context, app);
  const deleted = await changeApp(
    context,
    app.id,
    () => ({ deletedAt: context.clock.now(), wanted: false }),
    {
      type: "app.deleted",
      actor,
      message: `${app.name} was ${purge ? "removed with its data" : "unregistered"}`,
    },
  );
  // Its name is free for another app now, which must not find what this one leaves.
  context.logs.forget(app.name);
  await finishMove(context, deleted);
  if (purge) await purgeApp(context, deleted);
}

/** Its time-outs, and some time beyond. */
function stopLimitMs({ store }: Context, { config, targetReleaseId }: App): number {
  const { pre_stop, post_stop } = store.releases.get(targetReleaseId ?? "")?.config.hooks ?? {};
  return config.stop.timeoutMs + (pre_stop?.timeoutMs ?? 0) + (post_stop?.timeoutMs ?? 0) + 35_000;
}

function notStopped({ store, reconciler }: Context, app: App): GantryError {
  const now = store.apps.get(app.id) ?? app;
  const { pre_stop } = reconciler.facts(now).hooks;
  if (pre_stop.state !== "refused")
    return new GantryError("app-running", {
      app: app.name,
      hint: "It could not be stopped; gantry status tells why.",
    });
  const reason = store.executions.lastHooks(app.id).get("pre_stop")?.reason ?? "it did not succeed";
  const hint = `To go on without it: gantry stop --force ${app.name}`;
  return new GantryError("hook-failed", { hook: "pre_stop", app: app.name, reason, hint });
}

/** Removes the rows and what Gantry keeps of a deleted app. */
async function purgeApp(context: Context, app: App): Promise<void> {
  const { store } = context;
  await store.write({
    remove: {
      instances: store.instances.ofApp(app.id).map((row) => row.id),
      deployments: store.deployments.ofApp(app.id).map((row) => row.id),
      releases: store.releases.ofApp(app.id).map((row) => row.id),
      apps: [app.id],
    },
  });
  for (const folder of homesOf(context, app)) await rm(folder, { recursive: true, force: true });
}

/** Purges what was deleted longer ago than `keepMs`. */
export async function purgeDeleted(context: Context, keepMs: number): Promise<void> {
  const before = context.clock.now() - keepMs;
  const old = [...context.store.apps.all()].filter((app) => app.deletedAt !== null && app.deletedAt < before);
  for (const app of old) await purgeApp(context, app);
}
