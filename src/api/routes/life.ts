// Is the daemon there, and its end.
import * as z from "zod";
import { checkSuccessor } from "../../operations/check-successor.ts";
import type { Routes } from "../api.ts";
import { answers, NoBody, NoQuery } from "../schemas/parts.ts";

const File = z.string().min(1).max(4_096).startsWith("/", "it must be an absolute path");

const ReplaceBody = z
  .strictObject({
    program: File.describe("What runs the daemon: a Node.js of version 24 or newer"),
    file: File.describe("The daemon's file"),
  })
  .meta({ id: "Replace" });

export const lifeRoutes: Routes = (api, { shutdown, replace }) => {
  api.get(
    "/health",
    {
      config: { access: "public" },
      schema: {
        tags: ["system"],
        summary: "Is the daemon there?",
        querystring: NoQuery,
        response: answers(200, z.object({ ok: z.literal(true) })),
      },
    },
    async () => ({ ok: true as const }),
  );
  api.post(
    "/api/system/shutdown",
    {
      config: { access: "socket" },
      schema: {
        tags: ["system"],
        summary: "Ends the daemon; apps go on",
        querystring: NoQuery,
        body: NoBody,
        response: answers(202, z.object({ pid: z.int() })),
      },
    },
    async (_, reply) => {
      reply.raw.once("close", shutdown);
      reply.code(202);
      return { pid: process.pid };
    },
  );
  api.post(
    "/api/system/replace",
    {
      config: { access: "socket" },
      schema: {
        tags: ["system"],
        summary: "Ends the daemon and starts the one of another build; apps and the edge go on",
        querystring: NoQuery,
        body: ReplaceBody,
        response: answers(202, z.object({ pid: z.int().describe("Of the daemon that ends") })),
      },
    },
    async ({ body }, reply) => {
      checkSuccessor(body);
      replace(body);
      reply.code(202);
      return { pid: process.pid };
    },
  );
};
