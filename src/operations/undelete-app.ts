// Brings a deleted app back, stopped, with its configuration, releases and logs.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { changeApp } from "./change-app.ts";
import { checkClaims } from "./check-claims.ts";
import { announceMove, finishMove } from "./move-home.ts";

/** An app that is not deleted is left alone. Throws `name-taken` and the like when its name, hosts or port are another app's by now. */
export async function undeleteApp(context: Context, app: App, actor: string): Promise<App> {
  if (app.deletedAt === null) return app;
  checkClaims(context, app);
  await announceMove(context, app);
  const restored = await changeApp(context, app.id, () => ({ deletedAt: null }), {
    type: "app.restored",
    actor,
    message: `${app.name} is registered again`,
  });
  await finishMove(context, restored);
  return restored;
}
