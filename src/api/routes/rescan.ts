// POST /api/apps/{id}/rescan: what changed in the folder since it was registered.
import * as z from "zod";
import { findApp } from "../../operations/find-app.ts";
import { rescanApp } from "../../operations/rescan-app.ts";
import type { Routes } from "../api.ts";
import { AppParams, answers, flag, NoBody } from "../schemas/common.ts";

const RescanQuery = z.strictObject({
  apply: flag("Take the changes over; else they are only shown"),
  force: flag("Also while it is running"),
});

const RescanAnswer = z.object({
  changes: z.array(z.object({ field: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
  running: z.boolean(),
  applied: z.boolean(),
  warnings: z.array(z.string()),
});

export const rescanRoutes: Routes = (api, { context, auth }) => {
  api.post(
    "/api/apps/:id/rescan",
    {
      config: { access: "person" },
      schema: {
        tags: ["actions"],
        summary: "Looks at the folder again and tells what would change",
        params: AppParams,
        querystring: RescanQuery,
        body: NoBody,
        response: answers(200, RescanAnswer),
      },
    },
    async (request) => {
      const app = findApp(context, request.params.id);
      return rescanApp(context, app, request.query, auth.actorOf(request.raw));
    },
  );
};
