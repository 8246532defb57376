// Builds an app without starting it: its environment is ready, and what is missing is known.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { GantryError } from "../domain/errors.ts";

/** A running app moves to the new release when the build made one. */
export async function installApp(context: Context, app: App, actor: string): Promise<App> {
  if (app.deletedAt !== null) throw new GantryError("app-missing", { app: app.name });
  await context.builder.request(app, { start: app.wanted, actor });
  return context.store.apps.get(app.id) ?? app;
}
