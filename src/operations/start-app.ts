// Makes an app wanted; the loop starts it.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { GantryError } from "../domain/errors.ts";
import { canStart } from "./can-start.ts";
import { changeApp } from "./change-app.ts";
import { checkFixedPort } from "./check-fixed-port.ts";
import { notApplied } from "./not-applied.ts";

/**
 * Starts the app and the apps that it depends on; building first where there is no release of the present
 * configuration. A running app is left alone. Throws `app-disabled`, and `port-taken` unless `force`.
 */
export async function startApp(
  context: Context,
  app: App,
  { force }: { force: boolean },
  actor: string,
): Promise<App> {
  if (app.deletedAt !== null) throw new GantryError("app-missing", { app: app.name });
  if (!app.enabled) throw new GantryError("app-disabled", { app: app.name });
  await startDependencies(context, app, actor);
  const facts = context.reconciler.facts(app);
  const alive = facts.instances.some((instance) => instance.phase !== "ended" && !instance.stopping);
  if (app.wanted && (alive || facts.isStatic)) return app;
  if (!force) checkFixedPort(context, app);
  if (!isBuilt(context, app) || notApplied(context, app).length > 0) {
    await context.builder.request(app, { start: true, actor });
    return context.store.apps.get(app.id) ?? app;
  }
  const now = context.clock.now();
  return await changeApp(
    context,
    app.id,
    ({ generation }) => ({ wanted: true, lastStartedAt: now, generation: generation + 1, generationAt: now }),
    { type: "app.started", actor, message: `${app.name} is to run` },
  );
}

/** Is there a release, and all that it needs? A restored or damaged home may lack working copies. */
function isBuilt(context: Context, app: App): boolean {
  const release = context.store.releases.get(app.targetReleaseId ?? "");
  return release !== undefined && canStart(context, release);
}

/** Throws `app-missing` for a dependency that is not there, and what keeps one from being started. */
export async function startDependencies(context: Context, app: App, actor: string): Promise<void> {
  for (const name of app.config.dependsOn) await startDependency(context, app, name, actor);
}

async function startDependency(context: Context, app: App, name: string, actor: string): Promise<void> {
  const other = context.store.apps.byName(name);
  if (other === undefined)
    throw new GantryError("app-missing", {
      app: name,
      hint: `${app.name} depends on it. Register it first, or change depends_on.`,
    });
  if (!other.wanted) await startApp(context, other, { force: false }, actor);
}
