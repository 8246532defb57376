// From folders and manifests to running apps; and what a folder holds.
import * as z from "zod";
import { detectApp } from "../../operations/detect-app.ts";
import { showApp } from "../../operations/show-app.ts";
import { stopApp } from "../../operations/stop-app.ts";
import { appsOf, up } from "../../operations/up.ts";
import type { Routes } from "../api.ts";
import { App } from "../schemas/app.ts";
import { Detection } from "../schemas/detection.ts";
import { AbsolutePath, answers, NoQuery } from "../schemas/parts.ts";

const UpBody = z
  .strictObject({
    paths: z.array(AbsolutePath).min(1).max(100).describe("Folders or manifests"),
    only: z
      .exactOptional(z.array(z.string().max(63)).max(1_000))
      .describe("Of the manifests' apps only these"),
  })
  .meta({ id: "Up" });

const DownBody = z
  .strictObject({
    paths: UpBody.shape.paths,
    force: z.exactOptional(z.boolean()).describe("Whatever their hooks say"),
  })
  .meta({ id: "Down" });

const DetectBody = z
  .strictObject({
    path: AbsolutePath,
    run: z.exactOptional(z.string().max(4_096)),
    entry: z.exactOptional(z.string().max(200)),
  })
  .meta({ id: "Detect" });

export const upRoutes: Routes = (api, { context, auth }) => {
  api.post(
    "/api/up",
    {
      config: { access: "person" },
      schema: {
        tags: ["actions"],
        summary: "Registers or updates what the paths name, and starts it",
        querystring: NoQuery,
        body: UpBody,
        response: answers(202, z.object({ apps: z.array(App), warnings: z.array(z.string()) })),
      },
    },
    async (request, reply) => {
      const { apps, warnings } = await up(context, request.body, auth.actorOf(request.raw));
      reply.code(202);
      return { apps: apps.map((app) => showApp(context, app)), warnings };
    },
  );

  api.post(
    "/api/down",
    {
      config: { access: "person" },
      schema: {
        tags: ["actions"],
        summary: "Stops the apps that the paths name",
        querystring: NoQuery,
        body: DownBody,
        response: answers(202, z.object({ apps: z.array(App) })),
      },
    },
    async (request, reply) => {
      const actor = auth.actorOf(request.raw);
      const { paths, force = false } = request.body;
      const stopped = appsOf(context, paths).map((app) => stopApp(context, app, actor, { force }));
      const apps = await Promise.all(stopped);
      reply.code(202);
      return { apps: apps.map((app) => showApp(context, app)) };
    },
  );

  api.post(
    "/api/detect",
    {
      config: { access: "person" },
      schema: {
        tags: ["apps"],
        summary: "Looks into a folder; runs nothing of it",
        querystring: NoQuery,
        body: DetectBody,
        response: answers(200, Detection.extend({ name: z.string(), path: z.string() })),
      },
    },
    async ({ body }) => detectApp(context, body),
  );
};
