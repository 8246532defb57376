// POST /api/apps/{id}/rescan: what changed in the folder since it was registered.
import * as z from "zod";
import { findApp } from "../../operations/find-app.ts";
import { rescanApp } from "../../operations/rescan-app.ts";
import type { Routes } from "../api.ts";
import { AppParams, answers, NoQuery, optionalBody } from "../schemas/parts.ts";

const RescanBody = optionalBody(
  z.strictObject({
    apply: z.boolean().default(false).describe("Take the changes over; else they are only shown"),
    force: z.boolean().default(false).describe("Also while it is running"),
  }),
);

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
        querystring: NoQuery,
        body: RescanBody,
        response: answers(200, RescanAnswer),
      },
    },
    async (request) => {
      const app = findApp(context, request.params.id);
      const { apply = false, force = false } = request.body ?? {};
      return rescanApp(context, app, { apply, force }, auth.actorOf(request.raw));
    },
  );
};
