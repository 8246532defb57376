// Makes an app unwanted; the loop stops it.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { changeApp } from "./change-app.ts";

/** Ends a build, too. An app that is stopped already is left alone. */
export async function stopApp(context: Context, app: App, actor: string): Promise<App> {
  const wasBuilding = context.builder.cancel(app.id, actor);
  const now = context.store.apps.get(app.id) ?? app;
  if (!now.wanted && !wasBuilding) return now;
  return await changeApp(context, app.id, () => ({ wanted: false }), {
    type: "app.stopped",
    actor,
    message: `${app.name} is to stop`,
  });
}

/** Resolves when nothing of the app is alive any more, or after `limitMs`; true when nothing is. */
export async function untilStopped(context: Context, appId: string, limitMs: number): Promise<boolean> {
  const stopped = (): boolean => context.store.instances.ofApp(appId).every((row) => row.endedAt !== null);
  if (stopped()) return true;
  return await new Promise((resolve) => {
    const undo = context.store.onEvent((event) => {
      if (event.appId === appId && stopped()) finish();
    });
    const cancel = context.clock.after(limitMs, () => finish());
    const finish = (): void => {
      undo();
      cancel();
      resolve(stopped());
    };
  });
}
