// /api/apps/{id}/clone: a second app with the same code.
import * as z from "zod";
import { cloneApp } from "../../operations/clone-app.ts";
import { findApp } from "../../operations/find-app.ts";
import { showApp } from "../../operations/show-app.ts";
import type { Routes } from "../api.ts";
import { etagOf } from "../etag.ts";
import { App } from "../schemas/app.ts";
import { AppParams, answers, NoQuery } from "../schemas/parts.ts";

const CloneBody = z.strictObject({
  name: z.string().max(200).describe("Name of the clone"),
  release: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe("Its code; null: the draft, else what is deployed"),
  withSecrets: z.boolean().default(false).describe("With secrets and the repository's credential"),
});

export const cloneRoutes: Routes = (api, { context, auth }) => {
  api.post(
    "/api/apps/:id/clone",
    {
      config: { access: "person" },
      schema: {
        tags: ["code"],
        summary: "A new app with its code, configuration and variables; it does not run yet",
        params: AppParams,
        querystring: NoQuery,
        body: CloneBody,
        response: answers(201, App),
      },
    },
    async (request, reply) => {
      const app = findApp(context, request.params.id);
      const clone = await cloneApp(context, app, request.body, auth.actorOf(request.raw));
      reply.code(201).header("location", `/api/apps/${clone.id}`).header("etag", etagOf(clone));
      return showApp(context, clone);
    },
  );
};
