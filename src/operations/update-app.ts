// Changes what the owner may set.
import { existsSync, renameSync } from "node:fs";
import type { Context } from "../context.ts";
import { type App, linkedFolder } from "../domain/app.ts";
import { type AppPatch, configDefaults, patchedApp } from "../domain/config-patch.ts";
import { GantryError } from "../domain/errors.ts";
import { checkAppName } from "../domain/name.ts";
import { folderOfApp } from "./app-folder.ts";
import { changeApp } from "./change-app.ts";
import { checkClaims } from "./check-claims.ts";
import { checkKinds } from "./check-values.ts";
import { checkFolder } from "./detect-app.ts";
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
  );
  if (!changed.enabled) context.builder.cancel(app.id);
  if (changed.name !== app.name) moveFolder(context, app, changed);
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
  const isAlive = app.wanted || store.instances.ofApp(app.id).some((row) => row.endedAt === null);
  if (isAlive)
    throw new GantryError("app-running", { app: app.name, hint: "An app is renamed while it is stopped." });
  const dependant = [...store.apps.all()].find(
    (one) => one.deletedAt === null && one.config.dependsOn.includes(app.name),
  );
  if (dependant !== undefined && !force)
    throw new GantryError("needs-force", { reason: `${dependant.name} depends on the name ${app.name}` });
}

/** Logs go with the app. */
function moveFolder(context: Context, before: App, after: App): void {
  context.logs.forget(before.name);
  const from = folderOfApp(context, before);
  if (existsSync(from)) renameSync(from, folderOfApp(context, after));
}

/** Names of what differs, as in the manifest. */
function changedKeys(before: App, after: App): string[] {
  const keys = Object.keys(after.config) as (keyof App["config"])[];
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
