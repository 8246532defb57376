// Gantry itself: how is it, and what is wrong.
import * as z from "zod";
import { doctor } from "../../operations/doctor.ts";
import { showSystem } from "../../operations/show-system.ts";
import type { Routes } from "../api.ts";
import { answers, NoQuery } from "../schemas/parts.ts";
import { System } from "../schemas/system.ts";

const Doctor = z.object({
  checks: z.array(
    z.object({ name: z.string(), ok: z.boolean(), message: z.string(), hint: z.exactOptional(z.string()) }),
  ),
});

export const systemRoutes: Routes = (api, { context, url }) => {
  const about = <Response>(summary: string, response: Response) => ({
    config: { access: "person" } as const,
    schema: { tags: ["system"], summary, querystring: NoQuery, response },
  });

  api.get(
    "/api/system",
    about("The daemon, its engines, edge and store", answers(200, System)),
    async () => ({
      ...(await showSystem(context)),
      url: url(),
    }),
  );
  api.get("/api/doctor", about("Looks for what is wrong on this machine", answers(200, Doctor)), async () =>
    doctor(context),
  );
};
