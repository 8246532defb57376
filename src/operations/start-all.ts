// Starts every enabled app.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { GantryError } from "../domain/errors.ts";
import { listApps } from "./find-app.ts";
import { startApp } from "./start-app.ts";

/** What could not be started is told beside what was. */
export async function startAll(
  context: Context,
  actor: string,
): Promise<{ apps: App[]; failed: { name: string; message: string }[] }> {
  const apps: App[] = [];
  const failed: { name: string; message: string }[] = [];
  for (const { id, enabled } of listApps(context)) {
    const app = context.store.apps.get(id);
    if (!enabled || app === undefined) continue;
    try {
      apps.push(await startApp(context, app, { force: false }, actor));
    } catch (error) {
      if (!(error instanceof GantryError)) throw error;
      failed.push({ name: app.name, message: error.message });
    }
  }
  return { apps, failed };
}
