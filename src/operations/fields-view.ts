// A few fields of apps, for whoever asks for many apps, often.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { AppView } from "../domain/app-view.ts";
import { showApp } from "./show-app.ts";
import { isSummaryField, pickSummary } from "./show-summary.ts";

/** How an app is shown with only these fields; those of a summary are cheaper than others. */
export function fieldsView<Field extends keyof AppView>(
  context: Context,
  fields: readonly Field[],
): (app: App) => Pick<AppView, Field> {
  const cheap: readonly string[] = fields;
  if (cheap.every(isSummaryField))
    return (app) => pickSummary(context, app, cheap) as Partial<AppView> as Pick<AppView, Field>;
  return (app) => {
    const view = showApp(context, app);
    return Object.fromEntries(fields.map((field) => [field, view[field]])) as Pick<AppView, Field>;
  };
}
