// What was found in a folder.
import * as z from "zod";
import type { Detection as DetectionRow } from "../../domain/toolchain.ts";
import { Toolchain } from "./app.ts";

const Check = z.discriminatedUnion("type", [
  z.object({ type: z.literal("http"), path: z.string() }),
  z.object({ type: z.literal("tcp") }),
  z.object({ type: z.literal("command"), argv: z.array(z.string()) }),
  z.object({ type: z.literal("none") }),
]);

export const Detection = z
  .object({
    toolchain: Toolchain,
    framework: z.string().nullable(),
    entry: z.string().nullable(),
    run: z.string().nullable(),
    listens: z.enum(["required", "optional", "none"]),
    check: Check.nullable(),
    evidence: z.array(z.string()),
    confidence: z.number(),
  })
  .meta({ id: "Detection" }) satisfies z.ZodType<DetectionRow>;

export { Check };
