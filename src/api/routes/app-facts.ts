// What is known about one app: its state, configuration and health.
import * as z from "zod";
import { checkHealth } from "../../operations/check-health.ts";
import { findApp } from "../../operations/find-app.ts";
import { showAppDetail, showConfig } from "../../operations/show-app.ts";
import type { Routes } from "../api.ts";
import { etagOf } from "../etag.ts";
import { App } from "../schemas/app.ts";
import { AppConfig } from "../schemas/app-config.ts";
import { AppParams, answers, NoQuery } from "../schemas/parts.ts";

const Health = z.object({
  healthy: z.boolean(),
  instances: z.array(
    z.object({ id: z.string(), healthy: z.boolean(), message: z.string().nullable(), ms: z.number() }),
  ),
});

export const appFactRoutes: Routes = (api, { context }) => {
  const fact = <Response>(summary: string, response: Response) => ({
    config: { access: "person" } as const,
    schema: { tags: ["facts"], summary, params: AppParams, querystring: NoQuery, response },
  });

  api.get(
    "/api/apps/:id/status",
    fact("Its state, with the last output where it failed", answers(200, App)),
    async ({ params }) => showAppDetail(context, findApp(context, params.id)),
  );

  api.get(
    "/api/apps/:id/config",
    fact("Its configuration", answers(200, AppConfig)),
    async ({ params }, reply) => {
      const app = findApp(context, params.id);
      reply.header("etag", etagOf(app));
      return showConfig(app);
    },
  );

  api.get("/api/apps/:id/health", fact("Checks it now", answers(200, Health)), async ({ params }) =>
    checkHealth(context, findApp(context, params.id)),
  );
};
