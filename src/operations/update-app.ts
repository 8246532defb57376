// Changes what the owner may set.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { type AppPatch, configDefaults, patchedApp } from "../domain/config-patch.ts";
import { GantryError } from "../domain/errors.ts";
import { checkAppName } from "../domain/name.ts";
import { changeApp } from "./change-app.ts";
import { checkClaims } from "./check-claims.ts";
import { checkFolder } from "./detect-app.ts";

/** Settings that take effect without a new release. */
const AT_ONCE = new Set(["replicas", "domains", "dependsOn", "watch"]);

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
  if (app.deletedAt !== null) throw new GantryError("app-missing", { app: app.name });
  if (options.ifMatch !== undefined && options.ifMatch !== app.updatedAt)
    throw new GantryError("stale", { app: app.name });
  const checked = { ...patch, ...(patch.path === undefined ? {} : { path: checkFolder(patch.path) }) };
  const next = patchedApp(app, checked, configDefaults(context.settings));
  checkAppName(next.name);
  if (next.name !== app.name && hasDataUnderName(context, app))
    throw new GantryError("app-running", { app: app.name, hint: "An app is renamed while it is stopped." });
  checkClaims(context, next);
  const waits = changedKeys(app, next).filter((key) => !AT_ONCE.has(key));
  if (app.wanted && waits.length > 0 && options.force !== true)
    throw new GantryError("app-running", {
      app: app.name,
      hint: `Stop it first, or use --force; ${waits.join(", ")} take effect with the next restart.`,
    });
  const { name, source, engine, enabled, config } = next;
  return await changeApp(
    context,
    app.id,
    () => ({ name, source, engine, enabled, config, ...(enabled ? {} : { wanted: false }) }),
    {
      type: enabled === app.enabled ? "app.updated" : enabled ? "app.enabled" : "app.disabled",
      actor,
      message: describe(app, next),
    },
  );
}

const hasDataUnderName = ({ store }: Context, app: App): boolean =>
  app.wanted || store.instances.ofApp(app.id).some((row) => row.endedAt === null);

/** Names of what differs, as in the manifest. */
function changedKeys(before: App, after: App): string[] {
  const keys = Object.keys(after.config) as (keyof App["config"])[];
  const changed: string[] = keys.filter(
    (key) => JSON.stringify(before.config[key]) !== JSON.stringify(after.config[key]),
  );
  if (before.source.path !== after.source.path) changed.push("path");
  if (before.engine !== after.engine) changed.push("engine");
  return changed;
}

function describe(before: App, after: App): string {
  if (before.enabled !== after.enabled) return `${after.name} was ${after.enabled ? "enabled" : "disabled"}`;
  const renamed = before.name === after.name ? [] : [`name (was ${before.name})`];
  const keys = [...renamed, ...changedKeys(before, after)];
  return keys.length === 0 ? `${after.name} stays as it is` : `${after.name}: ${keys.join(", ")} changed`;
}
