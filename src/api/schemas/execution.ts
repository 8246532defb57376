// Executions in JSON.
import * as z from "zod";
import { EXECUTION_KINDS, EXECUTION_STATES } from "../../domain/execution.ts";
import type { ExecutionView } from "../../domain/execution-view.ts";
import { Exit } from "./app.ts";
import { Time } from "./parts.ts";

export const ExecutionState = z.enum(EXECUTION_STATES).meta({ id: "ExecutionState" });

export const ExecutionKind = z.enum(EXECUTION_KINDS);

export const Execution = z
  .object({
    id: z.string(),
    appId: z.string(),
    app: z.string().describe("Name of the app"),
    release: z.int().nullable().describe("Number of the release in whose environment it ran"),
    kind: ExecutionKind,
    name: z.string().describe("For example pre_start"),
    argv: z.array(z.string()),
    state: ExecutionState,
    reason: z.string().nullable().describe("One sentence, where it did not end well"),
    exit: Exit.nullable(),
    scheduleId: z.string().nullable(),
    slot: Time.nullable(),
    instanceId: z.string().nullable().describe("The instance whose port it was given"),
    createdAt: Time,
    startedAt: Time.nullable(),
    endedAt: Time.nullable(),
    durationMs: z.number().nullable(),
    timeoutMs: z.number().nullable(),
    cpuMs: z.number().nullable().describe("As far as it was measured; null for very short runs"),
    peakMemoryBytes: z.number().nullable(),
    actor: z.string(),
    attempt: z.int(),
  })
  .meta({ id: "Execution" }) satisfies z.ZodType<ExecutionView>;
