// Gantry itself in JSON.
import * as z from "zod";
import type { SystemView } from "../../operations/show-system.ts";
import { State } from "./app.ts";
import { Time } from "./parts.ts";

export const System = z
  .object({
    version: z.string(),
    pid: z.int(),
    startedAt: Time,
    home: z.string(),
    url: z.string().describe("Of the API and the dashboard"),
    memoryBytes: z.int(),
    apps: z.object({ total: z.int(), byState: z.partialRecord(State, z.int()) }),
    edge: z.object({
      connected: z.boolean(),
      version: z.int().nullable().describe("Of the table of routes that it uses"),
      connections: z.int(),
      port: z.int(),
    }),
    engines: z.array(
      z.object({
        name: z.string(),
        available: z.boolean(),
        tier: z.string().describe("Which guarantees it gives here"),
        reason: z.string().nullable(),
      }),
    ),
    store: z.object({
      ok: z.boolean(),
      reason: z.string().nullable(),
      pending: z.int().describe("Changes that wait to be stored"),
    }),
  })
  .meta({ id: "System" }) satisfies z.ZodType<SystemView & { url: string }>;
