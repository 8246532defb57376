// Replaces all instances of an app by new ones, without a lost request where its port may change.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { changeApp } from "./change-app.ts";
import { notApplied } from "./not-applied.ts";
import { startApp } from "./start-app.ts";

/** A stopped app is started. Changed configuration is applied: a new release is built first. */
export async function restartApp(
  context: Context,
  app: App,
  { force }: { force: boolean },
  actor: string,
): Promise<App> {
  if (!app.wanted || app.targetReleaseId === null || !app.enabled)
    return await startApp(context, app, { force }, actor);
  if (notApplied(context, app).length > 0) {
    await context.builder.request(app, { start: true, actor });
    return context.store.apps.get(app.id) ?? app;
  }
  const now = context.clock.now();
  return await changeApp(
    context,
    app.id,
    ({ generation }) => ({ generation: generation + 1, generationAt: now, lastStartedAt: now }),
    { type: "app.restarted", actor, message: `${app.name} is to restart` },
  );
}
