// A few fields of apps, for whoever asks for many apps, often.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { AppView } from "../domain/app-view.ts";
import { rememberResting } from "./remember-resting.ts";
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
    const view = fullView(context, app);
    return Object.fromEntries(fields.map((field) => [field, view[field]])) as Pick<AppView, Field>;
  };
}

/** Everything, as a list shows it. */
export const fullView = (context: Context, app: App): AppView =>
  rememberResting(context, app, "full", (now) => showApp(context, now));

/** The same views by field: one list for each, in the order of the views. */
export const columnsOf = <Field extends keyof AppView>(
  fields: readonly Field[],
  views: readonly Pick<AppView, Field>[],
): { [Name in Field]: AppView[Name][] } =>
  Object.fromEntries(fields.map((field) => [field, views.map((view) => view[field])])) as {
    [Name in Field]: AppView[Name][];
  };
