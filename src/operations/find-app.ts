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

/** All apps that people see, by name. */
export const listApps = ({ store }: Context): App[] =>
  [...store.apps.all()]
    .filter((app) => !app.system && app.deletedAt === null)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
