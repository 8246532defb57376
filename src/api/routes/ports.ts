// The port ledger of the whole machine, and what of it belongs to one app.
import * as z from "zod";
import { findApp } from "../../operations/find-app.ts";
import { listPorts } from "../../operations/list-ports.ts";
import type { Routes } from "../api.ts";
import { AppParams, answers, flag, NoQuery } from "../schemas/parts.ts";
import { Port } from "../schemas/port.ts";

const Query = z.strictObject({
  app: z.exactOptional(z.string().max(80)).describe("Id or name"),
  all: flag("Also those of strangers"),
});

const Answer = z.object({ ports: z.array(Port) });

export const portRoutes: Routes = (api, { context }) => {
  api.get(
    "/api/ports",
    {
      config: { access: "person" },
      schema: {
        tags: ["watch"],
        summary: "Who has which port",
        querystring: Query,
        response: answers(200, Answer),
      },
    },
    async ({ query: { app, all } }) => ({
      ports: await listPorts(context, { all, ...(app !== undefined && { app: findApp(context, app) }) }),
    }),
  );

  api.get(
    "/api/apps/:id/ports",
    {
      config: { access: "person" },
      schema: {
        tags: ["facts"],
        summary: "Its ports",
        params: AppParams,
        querystring: NoQuery,
        response: answers(200, Answer),
      },
    },
    async ({ params }) => ({ ports: await listPorts(context, { app: findApp(context, params.id) }) }),
  );
};
