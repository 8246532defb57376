// One row of the machine's port ledger in JSON.
import * as z from "zod";
import type { PortView } from "../../domain/app-view.ts";

export const Port = z
  .object({
    port: z.int(),
    kind: z.enum(["app", "fixed", "gantry", "forward", "compose", "stranger"]),
    app: z.string().nullable(),
    instanceId: z.string().nullable(),
    holder: z
      .object({ pid: z.int().nullable(), command: z.string().nullable(), addresses: z.array(z.string()) })
      .nullable()
      .describe("Who really listens now"),
    conflict: z.string().nullable().describe("Where two claim this port"),
  })
  .meta({ id: "Port" }) satisfies z.ZodType<PortView>;
