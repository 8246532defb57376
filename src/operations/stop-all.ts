// Stops every app.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { listApps } from "./find-app.ts";
import { stopApp } from "./stop-app.ts";

export async function stopAll(context: Context, actor: string, options: { force: boolean }): Promise<App[]> {
  return await Promise.all(listApps(context).map((app) => stopApp(context, app, actor, options)));
}
