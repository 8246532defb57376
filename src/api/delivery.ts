// What uploads have in common: who gets the code, and what is answered.
import type { FastifyReply } from "fastify";
import * as z from "zod";
import type { Context } from "../context.ts";
import type { AppPatch } from "../domain/config-patch.ts";
import { GantryError } from "../domain/errors.ts";
import type { Delivery, Receiver } from "../operations/deploy-source.ts";
import { findApp } from "../operations/find-app.ts";
import { showApp } from "../operations/show-app.ts";
import { showDeployment } from "../operations/show-deployments.ts";
import { App } from "./schemas/app.ts";
import { readBody } from "./schemas/config.ts";
import { answers, NoQuery } from "./schemas/parts.ts";
import { Deployment, Message } from "./schemas/release.ts";

export const Delivered = z.object({
  app: App,
  deployment: Deployment.nullable().describe("null with deploy: false"),
});

/** Fields of every upload. */
export const about = {
  app: z
    .exactOptional(z.string().min(1).max(80))
    .describe("Id or name of the app that gets the code; else a new one"),
  name: z.exactOptional(z.string().max(200)).describe("Name of the new app"),
  config: z.exactOptional(z.record(z.string(), z.unknown())).describe("Of the new app, as in gantry.yaml"),
  message: Message,
  start: z.boolean().default(true).describe("Start the app"),
  deploy: z
    .boolean()
    .default(true)
    .describe("false: a new app is only registered, with the code as its draft"),
};

export const uploadSchema = (summary: string) =>
  ({ tags: ["code"], summary, querystring: NoQuery, response: answers(202, Delivered) }) as const;

/** Throws `app-missing`, and what is wrong with the configuration of a new app. */
export function receiverOf(
  context: Context,
  { app, name, config }: { app?: string; name?: string; config?: unknown },
): Receiver {
  if (app !== undefined) {
    if (config !== undefined)
      throw new GantryError("invalid-input", {
        reason: "config: it is only for a new app",
        field: "config",
        hint: "Change an app with PATCH /api/apps/{id}.",
      });
    return { app: findApp(context, app) };
  }
  const { path: _, ...patch }: AppPatch = readBody(config ?? {}, context.settings.domain);
  if (name === undefined && patch.name === undefined)
    throw new GantryError("invalid-input", { reason: "name: it is missing", field: "name" });
  return { input: { ...patch, ...(name === undefined ? {} : { name }) } };
}

export function delivered(
  context: Context,
  reply: FastifyReply,
  { app, deployment }: Delivery,
): z.infer<typeof Delivered> {
  reply.code(202);
  reply.header("location", deployment === null ? `/api/apps/${app.id}` : `/api/deployments/${deployment.id}`);
  return {
    app: showApp(context, findApp(context, app.id)),
    deployment: deployment === null ? null : showDeployment(context, deployment.id),
  };
}
