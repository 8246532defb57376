// Of a thousand apps most rest: what was computed of them stays true as long as their rows are the same.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";

/** What the view of a resting app was computed from, and the view. */
interface Remembered {
  kind: string;
  rows: readonly unknown[];
  view: unknown;
}

const remembered = new WeakMap<App, Remembered>();

/**
 * `show`, asked again only when something changed. Of an app that is not wanted and of which nothing lives all is in its rows, and
 * rows are never changed in place. `kind` names what `show` shows.
 */
export function rememberResting<View>(
  { store }: Context,
  app: App,
  kind: string,
  show: (app: App) => View,
): View {
  if (app.wanted || store.executions.lastHooks(app.id).size > 0) return show(app);
  const instances = store.instances.ofApp(app.id);
  const rows = [instances, store.deployments.ofApp(app.id), store.releases.ofApp(app.id)];
  const before = remembered.get(app);
  if (before?.kind === kind && before.rows.every((row, index) => row === rows[index]))
    return before.view as View;
  const view = show(app);
  if (instances.every((row) => row.endedAt !== null)) remembered.set(app, { kind, rows, view });
  return view;
}
