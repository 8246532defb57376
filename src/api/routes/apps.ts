// /api/apps: the list, a new one, and what is done to all of them.
import * as z from "zod";
import type { Context } from "../../context.ts";
import type { App as AppRow } from "../../domain/app.ts";
import type { AppView } from "../../domain/app-view.ts";
import { columnsOf, fieldsView, fullView } from "../../operations/fields-view.ts";
import { listApps } from "../../operations/find-app.ts";
import { registerApp } from "../../operations/register-app.ts";
import { showApp } from "../../operations/show-app.ts";
import { showSummary } from "../../operations/show-summary.ts";
import { startAll } from "../../operations/start-all.ts";
import { stopAll } from "../../operations/stop-all.ts";
import type { Routes } from "../api.ts";
import { type Page, pageOf } from "../cursor.ts";
import { etagOf } from "../etag.ts";
import { App, State, AppSummary as Summary } from "../schemas/app.ts";
import { RegisterBody, readNewApp } from "../schemas/config.ts";
import { Detection } from "../schemas/detection.ts";
import { answers, ForceBody, flag, NoBody, NoQuery, whole } from "../schemas/parts.ts";

const MAX_LIMIT = 10_000;
const DEFAULT_LIMIT = 1_000;

const FIELDS = new Set<string>(Object.keys(App.shape));

const Fields = z
  .string()
  .max(500)
  .transform((text) => [...new Set(text.split(","))] as (keyof AppView)[])
  .refine(
    (fields) => fields.every((field) => FIELDS.has(field)),
    `it must be some of ${[...FIELDS].join(", ")}`,
  )
  .meta({ type: "string", examples: ["name,state,url"] });

const ListQuery = z.strictObject({
  state: z.exactOptional(State),
  name: z.exactOptional(z.string().max(63)).describe("Part of the name"),
  deleted: flag("Those that were deleted, instead of those that were not"),
  view: z.enum(["full", "summary"]).default("full").describe("summary: only the fields of a list"),
  fields: z.exactOptional(Fields).describe("Only these fields, between commas; instead of view"),
  limit: whole(1, MAX_LIMIT).prefault(String(DEFAULT_LIMIT)).meta({ default: DEFAULT_LIMIT }),
  cursor: z.exactOptional(z.string().max(200)).describe("nextCursor of the page before"),
});

const ColumnsQuery = ListQuery.omit({ view: true }).extend({
  fields: Fields.describe("The fields, between commas"),
});

type Shape = typeof App.shape;
type ColumnShape = { [Field in keyof Shape]: z.ZodExactOptional<z.ZodArray<Shape[Field]>> };

const ColumnsAnswer = z.object({
  columns: z
    .object(
      Object.fromEntries(
        Object.entries(App.shape).map(([field, value]) => [field, z.exactOptional(z.array(value))]),
      ) as ColumnShape,
    )
    .describe("By field, the values of all apps; the same place in each list is the same app"),
  nextCursor: z.string().nullable().describe("null on the last page"),
});

const ListAnswer = z.object({
  apps: z.array(z.union([App, Summary, App.partial()])),
  nextCursor: z.string().nullable().describe("null on the last page"),
});

const AllAnswer = z.object({
  apps: z.array(App),
  failed: z.array(z.object({ name: z.string(), message: z.string() })).describe("Those that can't start"),
});

export const appsRoutes: Routes = (api, parts) => {
  const { context, auth } = parts;
  api.get(
    "/api/apps",
    {
      config: { access: "person" },
      schema: {
        tags: ["apps"],
        summary: "All apps, by name",
        querystring: ListQuery,
        response: answers(200, ListAnswer),
      },
    },
    async ({ query }) => {
      const { view, fields } = query;
      if (fields !== undefined) {
        const { rows, nextCursor } = showPage(context, query, fieldsView(context, fields));
        return { apps: rows, nextCursor };
      }
      const show = view === "summary" ? showSummary : fullView;
      const { rows, nextCursor } = showPage(context, query, (row) => show(context, row));
      return { apps: rows, nextCursor };
    },
  );

  api.get(
    "/api/app-columns",
    {
      config: { access: "person" },
      schema: {
        tags: ["apps"],
        summary: "Fields of all apps, by name, field by field: short where apps are many",
        querystring: ColumnsQuery,
        response: answers(200, ColumnsAnswer),
      },
    },
    async ({ query }) => {
      const { rows, nextCursor } = showPage(context, query, fieldsView(context, query.fields));
      return { columns: columnsOf(query.fields, rows), nextCursor };
    },
  );

  api.post(
    "/api/apps",
    {
      config: { access: "person" },
      schema: {
        tags: ["apps"],
        summary: "Registers a folder as an app; starts nothing",
        querystring: NoQuery,
        body: RegisterBody,
        response: answers(201, z.object({ app: App, detection: Detection })),
      },
    },
    async (request, reply) => {
      const input = readNewApp(request.body, context.settings.domain);
      const { app, detection } = await registerApp(context, input, auth.actorOf(request.raw));
      reply.code(201).header("location", `/api/apps/${app.id}`).header("etag", etagOf(app));
      return { app: showApp(context, app), detection };
    },
  );
  allRoutes(api, parts);
};

const allRoutes: Routes = (api, { context, auth }) => {
  const all = (
    verb: "start" | "stop",
    summary: string,
    body: typeof ForceBody | typeof NoBody,
    act: (actor: string, force: boolean) => Promise<Failed>,
  ) =>
    api.post(
      `/api/apps/${verb}-all`,
      {
        config: { access: "person" },
        schema: {
          tags: ["actions"],
          summary,
          querystring: NoQuery,
          body,
          response: answers(202, AllAnswer),
        },
      },
      async (request, reply) => {
        const force = request.body !== undefined && "force" in request.body && request.body.force === true;
        const failed = await act(auth.actorOf(request.raw), force);
        reply.code(202);
        return { apps: listApps(context).map((app) => showApp(context, app)), failed };
      },
    );
  all("start", "Starts all apps that are enabled", NoBody, async (actor) => {
    const { failed } = await startAll(context, actor);
    return failed;
  });
  all("stop", "Stops all apps; with force whatever their hooks say", ForceBody, async (actor, force) => {
    await stopAll(context, actor, { force });
    return [];
  });
};

type Failed = z.infer<typeof AllAnswer>["failed"];

function rowsOf(
  { store }: Context,
  { deleted, name }: Pick<z.infer<typeof ListQuery>, "deleted" | "name">,
): AppRow[] {
  const wanted = (row: AppRow) =>
    !row.system && (row.deletedAt !== null) === deleted && (name === undefined || row.name.includes(name));
  return [...store.apps.all()].filter(wanted);
}

/** Only the apps of the page are shown. A filter by state looks at all, as shortly as it can. */
function showPage<View>(
  context: Context,
  query: Omit<z.infer<typeof ListQuery>, "view" | "fields">,
  show: (row: AppRow) => View,
): Page<View> {
  const { state, limit, cursor } = query;
  const rows = rowsOf(context, query);
  const look = fieldsView(context, ["state"]);
  const wanted = state === undefined ? rows : rows.filter((row) => look(row).state === state);
  const page = pageOf(wanted, limit, cursor);
  return { ...page, rows: page.rows.map(show) };
}
