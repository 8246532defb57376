// Is the daemon there, and its end.
import * as z from "zod";
import type { Routes } from "../api.ts";
import { answers, NoBody, NoQuery } from "../schemas/parts.ts";

export const lifeRoutes: Routes = (api, { shutdown }) => {
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
};
