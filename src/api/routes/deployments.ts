// Deploys: begun, followed, cancelled.
import { createReadStream } from "node:fs";
import type { FastifyReply } from "fastify";
import * as z from "zod";
import type { Context } from "../../context.ts";
import type { Deployment as DeploymentRow, Origin } from "../../domain/deployment.ts";
import { deploymentLog } from "../../operations/app-folder.ts";
import { cancelDeployment } from "../../operations/cancel-deployment.ts";
import { deployApp } from "../../operations/deploy-app.ts";
import { findApp } from "../../operations/find-app.ts";
import { rollbackApp } from "../../operations/rollback-app.ts";
import { listDeployments, showDeployment } from "../../operations/show-deployments.ts";
import type { Routes } from "../api.ts";
import {
  AbsolutePath,
  AppParams,
  answers,
  NoBody,
  NoQuery,
  optionalBody,
  Problem,
  whole,
} from "../schemas/parts.ts";
import { Deployment, Message } from "../schemas/release.ts";
import { VersionParams } from "./versions.ts";

const DeploymentParams = z.strictObject({ id: z.string().min(1).max(80).describe("Id of the deployment") });

const DeployBody = optionalBody(
  z.strictObject({
    path: z
      .exactOptional(AbsolutePath)
      .describe("A copy of this folder; else the draft, else the app's source"),
    live: z.boolean().default(false).describe("The linked folder as it lies there, without a copy"),
    message: Message,
    start: z.boolean().default(true).describe("Start the app if it does not run"),
  }),
);

const RollbackBody = optionalBody(
  z.strictObject({
    withEnv: z.boolean().default(false).describe("Variables and secrets as they were then, too"),
    message: Message,
    start: z.boolean().default(false).describe("Start the app if it does not run"),
  }),
);

const ListQuery = z.strictObject({
  app: z.exactOptional(z.string().max(80)).describe("Id or name"),
  limit: whole(1, 1_000).prefault("100").meta({ default: 100 }),
});

const ListAnswer = z.object({ deployments: z.array(Deployment).describe("Newest first") });

const LogQuery = z.strictObject({
  from: whole(0, Number.MAX_SAFE_INTEGER)
    .prefault("0")
    .meta({ default: 0 })
    .describe("So many bytes are left out: for who has them already"),
});

const config = { access: "person" } as const;

export const deploymentRoutes: Routes = (api, parts) => {
  const { context, auth } = parts;
  api.post(
    "/api/apps/:id/deploy",
    {
      config,
      schema: {
        tags: ["code"],
        summary: "Makes a release and lets it take over",
        params: AppParams,
        querystring: NoQuery,
        body: DeployBody,
        response: answers(202, Deployment),
      },
    },
    async (request, reply) => {
      const app = findApp(context, request.params.id);
      const { path, live = false, message = null, start = true } = request.body ?? {};
      const origin: { origin?: Origin } =
        path !== undefined ? { origin: { type: "folder", path } } : live ? { origin: { type: "live" } } : {};
      const order = { ...origin, message, start, actor: auth.actorOf(request.raw) };
      return accepted(context, reply, await deployApp(context, app, order));
    },
  );
  rollbackRoutes(api, parts);
  readRoutes(api, parts);

  api.post(
    "/api/deployments/:id/cancel",
    {
      config,
      schema: {
        tags: ["code"],
        summary: "Ends a deployment that is under way; the release before goes on",
        params: DeploymentParams,
        querystring: NoQuery,
        body: NoBody,
        response: answers(200, Deployment),
      },
    },
    async (request) => {
      const { id } = await cancelDeployment(context, request.params.id, auth.actorOf(request.raw));
      return showDeployment(context, id);
    },
  );
};

const rollbackRoutes: Routes = (api, { context, auth }) => {
  const rollback = (url: string, summary: string, params: typeof AppParams) =>
    api.post(
      url,
      {
        config,
        schema: {
          tags: ["code"],
          summary,
          params,
          querystring: NoQuery,
          body: RollbackBody,
          response: answers(202, Deployment),
        },
      },
      async (request, reply) => {
        const given = request.params as { id: string; n?: number };
        const { withEnv = false, message = null, start = false } = request.body ?? {};
        const app = findApp(context, given.id);
        const options = { withEnv, message, start };
        const actor = auth.actorOf(request.raw);
        return accepted(context, reply, await rollbackApp(context, app, given.n ?? null, options, actor));
      },
    );
  rollback("/api/apps/:id/rollback", "Back to the release that was good before this one", AppParams);
  rollback("/api/apps/:id/rollback/:n", "Back to a release that is kept", VersionParams);
};

const readRoutes: Routes = (api, { context }) => {
  const list = { config, schema: { tags: ["code"], response: answers(200, ListAnswer) } } as const;
  api.get(
    "/api/deployments",
    { ...list, schema: { ...list.schema, summary: "Deployments of all apps", querystring: ListQuery } },
    async ({ query }) => {
      const app = query.app === undefined ? undefined : findApp(context, query.app);
      return { deployments: listDeployments(context, app).slice(0, query.limit) };
    },
  );
  api.get(
    "/api/apps/:id/deployments",
    {
      ...list,
      schema: { ...list.schema, summary: "Its deployments", params: AppParams, querystring: NoQuery },
    },
    async ({ params }) => ({ deployments: listDeployments(context, findApp(context, params.id)) }),
  );
  api.get(
    "/api/deployments/:id",
    {
      config,
      schema: {
        tags: ["code"],
        summary: "One deployment, with its stages",
        params: DeploymentParams,
        querystring: NoQuery,
        response: answers(200, Deployment),
      },
    },
    async ({ params }) => showDeployment(context, params.id),
  );
  api.get(
    "/api/deployments/:id/log",
    {
      config,
      exposeHeadRoute: false,
      schema: {
        tags: ["code"],
        summary: "All that its fetch and build printed",
        params: DeploymentParams,
        querystring: LogQuery,
        response: {
          200: { description: "Text", content: { "text/plain": { schema: z.string() } } },
          default: Problem,
        },
      },
    },
    async ({ params, query }, reply) => {
      const { appId, id } = showDeployment(context, params.id);
      const app = findApp(context, appId);
      return await sendText(reply, deploymentLog(context, app, id), query.from);
    },
  );
};

function accepted(context: Context, reply: FastifyReply, { id }: DeploymentRow): z.infer<typeof Deployment> {
  reply.code(202).header("location", `/api/deployments/${id}`);
  return showDeployment(context, id);
}

/** A log that is gone, or not begun, is empty. */
function sendText(reply: FastifyReply, file: string, from: number): Promise<never> {
  reply.type("text/plain; charset=utf-8").serializer(String);
  return new Promise((resolve) => {
    const stream = createReadStream(file, { start: from });
    stream.once("open", () => resolve(stream as never));
    stream.once("error", () => resolve("" as never));
  });
}
