// The one way in which operations change an app: on its newest row, stored with the event that tells it.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { GantryError } from "../domain/errors.ts";
import type { EventType } from "../domain/event.ts";
import type { Batch } from "../domain/store.ts";

/**
 * Applies `change` to the app as it is when its turn to be written has come, and wakes the loop. Throws `app-missing` if
 * it is gone meanwhile, and what `change` throws; nothing is changed then. `more` is stored with it.
 */
export async function changeApp(
  context: Context,
  appId: string,
  change: (app: App) => Partial<App>,
  event: { type: EventType; actor: string; message: string },
  more: (changed: App) => Omit<NonNullable<Batch["put"]>, "apps"> = () => ({}),
): Promise<App> {
  const { store, clock } = context;
  await store.write(() => {
    const app = store.apps.get(appId);
    if (app === undefined) throw new GantryError("app-missing", { app: appId });
    const changed: App = { ...app, ...change(app), updatedAt: Math.max(clock.now(), app.updatedAt + 1) };
    return { put: { ...more(changed), apps: [changed] }, events: [{ ...event, appId }] };
  });
  context.reconciler.wake(appId);
  const changed = store.apps.get(appId);
  if (changed === undefined) throw new GantryError("app-missing", { app: appId });
  return changed;
}
