// One finite run of a program for an app: a hook, later also a schedule's slot or a one-off command.
import type { App, EngineName } from "./app.ts";
import type { Exit, Handle } from "./instance.ts";

export const EXECUTION_KINDS = ["hook", "schedule", "run", "command"] as const;
export type ExecutionKind = (typeof EXECUTION_KINDS)[number];

/**
 * `running` also while it is ended on purpose. `done`: exit code 0. `failed`: any other end, and what could not be started. `lost`:
 * it vanished with its result, for example with the machine. `skipped` and `missed` were never started.
 */
export const EXECUTION_STATES = [
  "running",
  "done",
  "failed",
  "timed_out",
  "cancelled",
  "skipped",
  "missed",
  "lost",
] as const;
export type ExecutionState = (typeof EXECUTION_STATES)[number];

/** The states that somebody should look at. */
export const FAILURES: readonly ExecutionState[] = ["failed", "timed_out", "lost"];

export interface Execution {
  id: string;
  appId: string;
  /** In whose folder and environment it runs. */
  releaseId: string | null;
  /** Those of the app at that time. */
  generation: number;
  round: number;
  kind: ExecutionKind;
  /** `pre_start` and the like, the name of the schedule, or the command's first word. */
  name: string;
  /** What runs, as words. */
  argv: string[];
  scheduleId: string | null;
  /** The point in time, in epoch milliseconds, for which the schedule wanted it. */
  slot: number | null;
  /** The instance whose port it was given. */
  instanceId: string | null;
  engine: EngineName;
  /** Null until it was started. */
  handle: Handle | null;
  state: ExecutionState;
  /** Why it is being ended; stored before the end begins, so that a later daemon knows it, too. */
  endingAs: "timed_out" | "cancelled" | null;
  exit: Exit | null;
  /** One sentence, where it did not end well. */
  reason: string | null;
  createdAt: number;
  startedAt: number | null;
  endedAt: number | null;
  /** Null: it may take as long as it likes. */
  timeoutMs: number | null;
  /** Of the whole process tree, as far as it was measured; null when unknown. */
  cpuMs: number | null;
  peakMemoryBytes: number | null;
  /** Who wanted it. */
  actor: string;
  /** 1, 2, 3… of the same slot or occasion. */
  attempt: number;
  /** What followed from its end has been done: it decides nothing any more. */
  spent: boolean;
}

/** A row of which nothing has happened yet. */
export const newExecution = (
  given: Pick<Execution, "id" | "kind" | "name" | "argv" | "createdAt" | "actor"> &
    Partial<Execution> & { app: Pick<App, "id" | "engine" | "generation" | "round"> },
): Execution => {
  const { app, ...own } = given;
  return {
    appId: app.id,
    releaseId: null,
    generation: app.generation,
    round: app.round ?? 0,
    scheduleId: null,
    slot: null,
    instanceId: null,
    engine: app.engine,
    handle: null,
    state: "running",
    endingAs: null,
    exit: null,
    reason: null,
    startedAt: null,
    endedAt: null,
    timeoutMs: null,
    cpuMs: null,
    peakMemoryBytes: null,
    attempt: 1,
    spent: false,
    ...own,
  };
};

/** When a run comes into being after `before`: also under a clock that goes back the newest run is the newest. */
export const bornAfter = (before: Execution | undefined, now: number): number =>
  Math.max(now, (before?.createdAt ?? 0) + 1);

/** A position in the list of executions, newest first: the list goes on behind it. */
export interface ExecutionCursor {
  createdAt: number;
  id: string;
}

export interface ExecutionQuery {
  appId?: string;
  kind?: ExecutionKind;
  states?: readonly ExecutionState[];
  /** Created then or later, in epoch milliseconds. */
  since?: number;
  before?: ExecutionCursor;
  /** At most this many, the newest. */
  limit: number;
}

/** What came of a run that ended with `exit` (null: nobody knows). */
export function outcomeOf(
  execution: Pick<Execution, "endingAs" | "timeoutMs">,
  exit: Exit | null,
  outOfMemory = false,
): { state: ExecutionState; reason: string | null } {
  if (execution.endingAs === "timed_out")
    return { state: "timed_out", reason: `did not end within ${(execution.timeoutMs ?? 0) / 1_000} s` };
  if (execution.endingAs === "cancelled") return { state: "cancelled", reason: "was cancelled" };
  if (exit === null) return { state: "lost", reason: "ended while nobody watched, and left no result" };
  if (outOfMemory) return { state: "failed", reason: "was killed: it went over its memory limit" };
  if (exit.signal !== null) return { state: "failed", reason: `was ended by signal ${exit.signal}` };
  return exit.code === 0
    ? { state: "done", reason: null }
    : { state: "failed", reason: `exited with code ${exit.code}` };
}
