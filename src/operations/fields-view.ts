// A few fields of apps, for whoever asks for many apps, often.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { AppView } from "../domain/app-view.ts";
import { showApp } from "./show-app.ts";
import { isSummaryField, pickSummary } from "./show-summary.ts";

type View<Field extends keyof AppView> = (app: App) => Pick<AppView, Field>;

/** How an app is shown with only these fields; those of a summary are cheaper than others. */
export function fieldsView<Field extends keyof AppView>(
  context: Context,
  fields: readonly Field[],
): View<Field> {
  const cheap: readonly string[] = fields;
  if (cheap.every(isSummaryField)) {
    const show: View<Field> = (app) =>
      pickSummary(context, app, cheap) as Partial<AppView> as Pick<AppView, Field>;
    return (app) => rememberResting(context, app, fields.join(), show);
  }
  return (app) => {
    const view = showApp(context, app);
    return Object.fromEntries(fields.map((field) => [field, view[field]])) as Pick<AppView, Field>;
  };
}

/** The same views by field: one list for each, in the order of the views. */
export const columnsOf = <Field extends keyof AppView>(
  fields: readonly Field[],
  views: readonly Pick<AppView, Field>[],
): { [Name in Field]: AppView[Name][] } =>
  Object.fromEntries(fields.map((field) => [field, views.map((view) => view[field])])) as {
    [Name in Field]: AppView[Name][];
  };

/** What the view of a resting app was computed from, and the view. */
interface Remembered {
  fields: string;
  instances: readonly unknown[];
  deployments: readonly unknown[];
  view: unknown;
}

const remembered = new WeakMap<App, Remembered>();

/**
 * Of a thousand apps most rest. Of an app that is not wanted and of which nothing lives all is in its rows, and rows are
 * never changed in place: as long as they are the same, what was computed from them is true.
 */
function rememberResting<Field extends keyof AppView>(
  { store }: Context,
  app: App,
  fields: string,
  show: View<Field>,
): Pick<AppView, Field> {
  if (app.wanted) return show(app);
  const instances = store.instances.ofApp(app.id);
  const deployments = store.deployments.ofApp(app.id);
  const before = remembered.get(app);
  if (before?.fields === fields && before.instances === instances && before.deployments === deployments)
    return before.view as Pick<AppView, Field>;
  const view = show(app);
  if (instances.every((row) => row.endedAt !== null))
    remembered.set(app, { fields, instances, deployments, view });
  return view;
}
