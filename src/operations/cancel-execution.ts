// Ends a finite run, with all that it has started.
import type { Context } from "../context.ts";
import { GantryError } from "../domain/errors.ts";
import type { Execution } from "../domain/execution.ts";
import { findExecution } from "./find-execution.ts";

/** Returns as soon as it is being ended. Throws `execution-missing`, and `execution-over` where it has ended. */
export async function cancelExecution(context: Context, id: string, actor: string): Promise<Execution> {
  const row = await findExecution(context, id);
  if (row.state !== "running") throw new GantryError("execution-over", { execution: id, state: row.state });
  await context.executions.cancel(id, `was cancelled by ${actor}`);
  return await findExecution(context, id);
}
