// From what a person wrote to the app that is meant.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { GantryError } from "../domain/errors.ts";

/** The app with this id or name; deleted ones are found by id alone. Throws `app-missing`. */
export function findApp({ store }: Context, idOrName: string): App {
  const app = store.apps.byName(idOrName) ?? store.apps.get(idOrName);
  if (app === undefined || app.system) throw new GantryError("app-missing", { app: idOrName.slice(0, 100) });
  return app;
}

/** The same, but a name that no app has now means the one of that name that was deleted last. */
export function findDeleted(context: Context, idOrName: string): App {
  const { apps } = context.store;
  if (apps.byName(idOrName) !== undefined || apps.get(idOrName) !== undefined)
    return findApp(context, idOrName);
  const [last] = [...apps.all()]
    .filter((app) => app.deletedAt !== null && app.name === idOrName)
    .sort((a, b) => (b.deletedAt ?? 0) - (a.deletedAt ?? 0));
  return last ?? findApp(context, idOrName);
}

/** All apps that people see, by name. */
export const listApps = ({ store }: Context): App[] =>
  [...store.apps.all()]
    .filter((app) => !app.system && app.deletedAt === null)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
