// Writes down how a finite run ended, when nothing of it is left.
import type { Context } from "../context.ts";
import { type Execution, outcomeOf } from "../domain/execution.ts";
import type { Exit } from "../domain/instance.ts";
import { lastWords } from "../domain/last-words.ts";

export interface Ending {
  /** Null where nobody knows. */
  exit: Exit | null;
  outOfMemory?: boolean;
  /** Instead of the usual one: it failed before it ran. */
  reason?: string;
}

const LINES = 20;

/** `elapsedMs`: by the monotonic clock, where this daemon saw it start. */
export async function closeExecution(
  context: Context,
  row: Execution,
  ending: Ending,
  elapsedMs: number | null,
): Promise<Execution> {
  const { store, output, clock } = context;
  const app = store.apps.get(row.appId);
  // Whatever it left behind ends before anybody hears that it has ended.
  await free(context, row);
  output.detach(row.id);
  const lines = app === undefined ? [] : await output.lastLines(app.name, row.id, LINES).catch(() => []);
  const ended: Execution = {
    ...row,
    ...resultOf(row, ending, lastWords(lines)),
    exit: ending.exit,
    endedAt: row.createdAt + Math.round(elapsedMs ?? Math.max(0, clock.now() - row.createdAt)),
  };
  const type = ended.state === "done" ? ("execution.finished" as const) : ("execution.failed" as const);
  const data = { executionId: row.id, kind: row.kind, name: row.name, state: ended.state, ...ended.exit };
  const message = `${row.name} of ${app?.name ?? "a removed app"} ${ended.reason ?? "is done"}`;
  await store.record({
    put: { executions: [ended] },
    events: [{ type, appId: row.appId, actor: "daemon", message, data }],
  });
  return ended;
}

function resultOf(
  row: Execution,
  { exit, outOfMemory, reason }: Ending,
  words: string | null,
): Pick<Execution, "state" | "reason"> {
  if (reason !== undefined) return { state: row.endingAs ?? "failed", reason };
  if (exit === null && row.handle === null && row.endingAs === null)
    return { state: "lost", reason: "was not started: Gantry itself ended at that moment" };
  const outcome = outcomeOf(row, exit, outOfMemory);
  if (outcome.state === "cancelled") return { ...outcome, reason: row.reason ?? outcome.reason };
  const speaks = (outcome.state === "failed" || outcome.state === "timed_out") && words !== null;
  return speaks ? { ...outcome, reason: `${outcome.reason}: ${words}` } : outcome;
}

async function free({ engines, log }: Context, row: Execution): Promise<void> {
  try {
    await engines[row.engine]?.remove(row.id, row.handle);
  } catch (error) {
    log.error("what an execution left could not be removed", { executionId: row.id, error: String(error) });
  }
}
