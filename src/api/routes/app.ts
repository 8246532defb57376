// /api/apps/{id}: one app, read, changed, replaced, deleted.
import * as z from "zod";
import type { App as AppRow } from "../../domain/app.ts";
import { type AppPatch, configDefaults } from "../../domain/config-patch.ts";
import { deleteApp } from "../../operations/delete-app.ts";
import { findApp } from "../../operations/find-app.ts";
import { showApp, showAppDetail } from "../../operations/show-app.ts";
import { updateApp } from "../../operations/update-app.ts";
import type { Routes } from "../api.ts";
import { checkIfMatch, etagOf } from "../etag.ts";
import { replacingConfig } from "../replacing-config.ts";
import { App } from "../schemas/app.ts";
import { PatchBody, PutBody, readBody } from "../schemas/config.ts";
import { AppParams, answers, ForceQuery, flag, NoQuery } from "../schemas/parts.ts";

const ChangeQuery = ForceQuery.extend({
  typed: flag("Texts are as a person typed them: read as in gantry.yaml, not as JSON"),
});

const DeleteQuery = z.strictObject({
  force: flag("Also while it is running: it is stopped first"),
  purge: flag("With its releases, logs and data; else it can be undeleted"),
});

export const appRoutes: Routes = (api, parts) => {
  const { context, auth } = parts;
  api.get(
    "/api/apps/:id",
    {
      config: { access: "person" },
      schema: {
        tags: ["apps"],
        summary: "One app",
        params: AppParams,
        querystring: NoQuery,
        response: answers(200, App),
      },
    },
    async ({ params }, reply) => {
      const app = findApp(context, params.id);
      reply.header("etag", etagOf(app));
      return showAppDetail(context, app);
    },
  );

  api.delete(
    "/api/apps/:id",
    {
      config: { access: "person" },
      schema: {
        tags: ["apps"],
        summary: "Unregisters an app; its folder stays",
        params: AppParams,
        querystring: DeleteQuery,
        response: answers(204, z.null().describe("Done")),
      },
    },
    async (request, reply) => {
      const app = findApp(context, request.params.id);
      checkIfMatch(request.headers["if-match"], app);
      await deleteApp(context, app, request.query, auth.actorOf(request.raw));
      return reply.code(204).send(null);
    },
  );
  changeRoutes(api, parts);
};

type Complete = (patch: AppPatch, app: AppRow) => AppPatch;

const changeRoutes: Routes = (api, { context, auth }) => {
  const change = (method: "PATCH" | "PUT", summary: string, body: typeof PatchBody, complete: Complete) =>
    api.route({
      method,
      url: "/api/apps/:id",
      config: { access: "person" },
      schema: {
        tags: ["apps"],
        summary,
        params: AppParams,
        querystring: ChangeQuery,
        body,
        response: answers(200, App),
      },
      handler: async (request, reply) => {
        const app = findApp(context, request.params.id);
        checkIfMatch(request.headers["if-match"], app);
        const patch = complete(readBody(request.body, context.settings.domain, request.query.typed), app);
        const options = { force: request.query.force, ...ifMatchOf(request.headers["if-match"], app) };
        const changed = await updateApp(context, app, patch, options, auth.actorOf(request.raw));
        reply.header("etag", etagOf(changed));
        return showApp(context, changed);
      },
    });
  change("PATCH", "Changes what is given; null resets a setting", PatchBody, (patch) => patch);
  change("PUT", "Replaces the configuration; what is not given is reset", PutBody, (patch, app) => ({
    ...patch,
    config: replacingConfig(patch.config, app.config, configDefaults(context.settings)),
  }));
};

/** The operation compares again: the app may change between the check here and the write. */
const ifMatchOf = (header: string | undefined, app: AppRow): { ifMatch?: number } =>
  header === undefined || header.trim() === "*" ? {} : { ifMatch: app.updatedAt };
