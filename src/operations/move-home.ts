// What Gantry keeps of an app bears its name, or its id while it is deleted: it moves when the row changes, also over the daemon's death.
import { existsSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { Launch, Release } from "../domain/release.ts";

/** In all of these an app has a folder. */
const PLACES = ["apps", "backups"];

/** The name of the app's folders at present. */
export const homeName = (app: App): string => (app.deletedAt === null ? app.name : app.id);

/** All folders that Gantry keeps of the app at present. */
export const homesOf = ({ settings }: Context, app: App): string[] =>
  PLACES.map((place) => join(settings.home, place, homeName(app)));

const metaKey = (app: App): string => `move:${app.id}`;

/** To be called before the row changes: whoever comes after a cut knows where the folders were. */
export const announceMove = (context: Context, app: App): Promise<void> =>
  context.store.setMeta(metaKey(app), homeName(app));

/** Moves the folders to where the row says that they are. May be called again. */
export async function finishMove(context: Context, app: App): Promise<void> {
  const from = context.store.getMeta(metaKey(app));
  if (from === undefined || from === "") return;
  const to = homeName(app);
  if (from !== to)
    for (const place of PLACES)
      move(join(context.settings.home, place, from), join(context.settings.home, place, to));
  await context.store.setMeta(metaKey(app), "");
}

/** At the start of a daemon. */
export async function finishMoves(context: Context): Promise<void> {
  for (const app of context.store.apps.all())
    await finishMove(context, app).catch((error) =>
      context.log.error("the folder of an app could not be moved", { app: app.name, error: String(error) }),
    );
}

function move(from: string, to: string): void {
  if (!existsSync(from)) return;
  if (existsSync(to)) setAside(to);
  renameSync(from, to);
}

/** Somebody's leftover: nothing is thrown away that nobody asked to be. */
function setAside(folder: string): void {
  let number = 1;
  while (existsSync(`${folder}.left-${number}`)) number++;
  if (readdirSync(folder).length > 0) renameSync(folder, `${folder}.left-${number}`);
}

/** The releases of a renamed app, with launches that name their files where they are now. */
export function movedReleases({ settings, store }: Context, before: App, after: App): Release[] {
  const [from, to] = [before, after].map((app) => join(settings.home, "apps", homeName(app), "/"));
  if (from === undefined || to === undefined || from === to) return [];
  return store.releases
    .ofApp(after.id)
    .filter(({ launch }) => JSON.stringify(launch).includes(from))
    .map((release) => ({ ...release, launch: movedLaunch(release.launch, from, to) }));
}

function movedLaunch(launch: Launch, from: string, to: string): Launch {
  const moved = (text: string): string => text.replaceAll(from, to);
  return {
    ...launch,
    argv: launch.argv.map(moved),
    cwd: moved(launch.cwd),
    env: Object.fromEntries(Object.entries(launch.env).map(([key, value]) => [key, moved(value)])),
    staticRoot: launch.staticRoot === null ? null : moved(launch.staticRoot),
  };
}
