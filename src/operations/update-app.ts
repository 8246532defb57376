// Changes what the owner may set.
import type { Context } from "../context.ts";
import { type App, linkedFolder } from "../domain/app.ts";
import { type AppPatch, configDefaults, patchedApp } from "../domain/config-patch.ts";
import { isOpen } from "../domain/deployment.ts";
import { GantryError } from "../domain/errors.ts";
import { checkAppName } from "../domain/name.ts";
import { changeApp } from "./change-app.ts";
import { checkClaims } from "./check-claims.ts";
import { checkKinds } from "./check-values.ts";
import { checkFolder } from "./detect-app.ts";
import { announceMove, finishMove, movedReleases } from "./move-home.ts";
import { AT_ONCE } from "./not-applied.ts";

/**
 * Applies the patch. A running app is changed only with `force`, unless all of it takes effect at once; what waits for
 * a restart is shown as not applied. Throws `app-running`, `stale` (when `ifMatch` is not its `updatedAt`), and
 * whatever is wrong with the new values; nothing is changed then.
 */
export async function updateApp(
  context: Context,
  app: App,
  patch: AppPatch,
  options: { force?: boolean; ifMatch?: number },
  actor: string,
): Promise<App> {
  const checked = { ...patch, ...(patch.path === undefined ? {} : { path: checkFolder(patch.path) }) };
  const apply = (now: App): App => {
    const next = patchedApp(now, checked, configDefaults(context.settings));
    checkUpdate(context, now, next, options);
    return next;
  };
  const next = apply(app);
  if (next.name !== app.name) await announceMove(context, app);
  const changed = await changeApp(
    context,
    app.id,
    (now) => {
      const { name, source, engine, enabled, config } = apply(now);
      return { name, source, engine, enabled, config, ...(enabled ? {} : { wanted: false }) };
    },
    {
      type: next.enabled === app.enabled ? "app.updated" : next.enabled ? "app.enabled" : "app.disabled",
      actor,
      message: describe(app, next),
    },
    (renamed) => ({ releases: movedReleases(context, app, renamed) }),
  );
  if (!changed.enabled) context.builder.cancel(app.id, actor);
  if (changed.name !== app.name) {
    context.logs.forget(app.name);
    await finishMove(context, changed);
  }
  return changed;
}

function checkUpdate(
  context: Context,
  app: App,
  next: App,
  { force, ifMatch }: { force?: boolean; ifMatch?: number },
): void {
  if (app.deletedAt !== null) throw new GantryError("app-missing", { app: app.name });
  if (ifMatch !== undefined && ifMatch !== app.updatedAt) throw new GantryError("stale", { app: app.name });
  checkAppName(next.name);
  if (next.name !== app.name) checkRename(context, app, force === true);
  checkClaims(context, next);
  checkKinds(next);
  const waits = changedKeys(app, next).filter((key) => !AT_ONCE.has(key));
  if (app.wanted && waits.length > 0 && force !== true)
    throw new GantryError("app-running", {
      app: app.name,
      hint: `Stop it first, or use --force; ${waits.join(", ")} then wait for the next restart.`,
    });
}

function checkRename({ store }: Context, app: App, force: boolean): void {
  const isAlive =
    app.wanted ||
    store.instances.ofApp(app.id).some((row) => row.endedAt === null) ||
    store.executions.runningOf(app.id).length > 0;
  if (store.deployments.ofApp(app.id).some(isOpen))
    throw new GantryError("app-running", {
      app: app.name,
      hint: "It is being deployed: wait, or cancel that.",
    });
  if (isAlive)
    throw new GantryError("app-running", { app: app.name, hint: "An app is renamed while it is stopped." });
  const dependant = [...store.apps.all()].find(
    (one) => one.deletedAt === null && one.config.dependsOn.includes(app.name),
  );
  if (dependant !== undefined && !force)
    throw new GantryError("needs-force", { reason: `${dependant.name} depends on the name ${app.name}` });
}

/** Names of what differs, as in the manifest. */
function changedKeys(before: App, after: App): string[] {
  const keys = Object.keys({ ...before.config, ...after.config }) as (keyof App["config"])[];
  const changed: string[] = keys.filter(
    (key) => JSON.stringify(before.config[key]) !== JSON.stringify(after.config[key]),
  );
  if (linkedFolder(before) !== linkedFolder(after)) changed.push("path");
  if (before.engine !== after.engine) changed.push("engine");
  return changed;
}

function describe(before: App, after: App): string {
  if (before.enabled !== after.enabled) return `${after.name} was ${after.enabled ? "enabled" : "disabled"}`;
  const renamed = before.name === after.name ? [] : [`name (was ${before.name})`];
  const keys = [...renamed, ...changedKeys(before, after)];
  return keys.length === 0 ? `${after.name} stays as it is` : `${after.name}: ${keys.join(", ")} changed`;
}
