// Brings a deleted app back, stopped, with its configuration, releases and logs.
import { existsSync, renameSync } from "node:fs";
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { folderOfApp, folderOfDeleted } from "./app-folder.ts";
import { changeApp } from "./change-app.ts";
import { checkClaims } from "./check-claims.ts";

/** An app that is not deleted is left alone. Throws `name-taken` and the like when its name, hosts or port are another app's by now. */
export async function undeleteApp(context: Context, app: App, actor: string): Promise<App> {
  if (app.deletedAt === null) return app;
  checkClaims(context, app);
  const [from, to] = [folderOfDeleted(context, app), folderOfApp(context, app)];
  if (existsSync(from) && !existsSync(to)) renameSync(from, to);
  return await changeApp(context, app.id, () => ({ deletedAt: null }), {
    type: "app.restored",
    actor,
    message: `${app.name} is registered again`,
  });
}
