// Restarts apps with `watch: true` when their code changes.
import type { Context } from "../context.ts";
import { type App, linkedFolder } from "../domain/app.ts";
import { codeOf } from "../domain/release.ts";
import { restartApp } from "./restart-app.ts";

/** A change of one of these may need a build. */
const DEPENDENCIES =
  /(^|\/)(requirements[^/]*\.txt|pyproject\.toml|uv\.lock|poetry\.lock|Pipfile(\.lock)?|setup\.(py|cfg)|package(-lock)?\.json|pnpm-lock\.yaml|yarn\.lock)$/;

/** Watches a folder; `changed` gets the files. Returns the undo. */
export type WatchFolder = (dir: string, changed: (files: string[]) => void) => () => void;

/** Follows the apps as they start, stop and change. Returns the undo. */
export function watchApps(context: Context, watchFolder: WatchFolder): () => void {
  const watched = new Map<string, { path: string; undo: () => void }>();
  const look = (appId: string): void => {
    const app = context.store.apps.get(appId);
    const path = app === undefined ? undefined : watchedFolder(context, app);
    const now = watched.get(appId);
    if (now?.path === path) return;
    now?.undo();
    watched.delete(appId);
    if (path !== undefined)
      watched.set(appId, { path, undo: watchFolder(path, (files) => void apply(context, appId, files)) });
  };
  for (const app of context.store.apps.all()) look(app.id);
  const unsubscribe = context.store.onEvent(({ type, appId }) => {
    if (appId !== null && LOOK_AFTER.test(type)) look(appId);
  });
  return () => {
    unsubscribe();
    for (const { undo } of watched.values()) undo();
  };
}

/** Events after which an app may have to be watched, or no longer. */
const LOOK_AFTER = /^(app\.|build\.finished|deployment\.|release\.reverted)/;

/** Where the app runs what lies in its folder: a copy of that does not change by itself. */
function watchedFolder({ store }: Context, app: App): string | undefined {
  const release = store.releases.get(app.targetReleaseId ?? "");
  const isLive = release === undefined || codeOf(release).type === "live";
  return isWatched(app) && isLive ? (linkedFolder(app) ?? undefined) : undefined;
}

const isWatched = (app: App): boolean =>
  app.config.watch && app.wanted && app.enabled && app.deletedAt === null;

async function apply(context: Context, appId: string, files: string[]): Promise<void> {
  const app = context.store.apps.get(appId);
  if (app === undefined || !isWatched(app)) return;
  try {
    if (files.some((file) => DEPENDENCIES.test(file)))
      await context.builder.request(app, { start: true, actor: "watch" });
    else await restartApp(context, app, { force: false }, "watch");
  } catch (error) {
    context.log.warn("a changed app could not be restarted", { app: app.name, error: String(error) });
  }
}
