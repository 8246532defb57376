// Executions for people: one, or a page of them.
import type { Context } from "../context.ts";
import { GantryError } from "../domain/errors.ts";
import type { Execution, ExecutionQuery } from "../domain/execution.ts";
import { type ExecutionView, showExecution } from "../domain/execution-view.ts";

/** Throws `execution-missing`. */
export async function findExecution({ store }: Context, id: string): Promise<Execution> {
  const row = await store.executions.get(id);
  if (row === undefined) throw new GantryError("execution-missing", { execution: id });
  return row;
}

export function viewExecution({ store }: Context, row: Execution): ExecutionView {
  const release = row.releaseId === null ? undefined : store.releases.get(row.releaseId);
  return showExecution(row, store.apps.get(row.appId)?.name ?? "", release?.number ?? null);
}

/** The newest that match, newest first, and whether there are more. */
export async function listExecutions(
  { store }: Context,
  query: ExecutionQuery,
): Promise<{ rows: Execution[]; isLast: boolean }> {
  const rows = await store.executions.query({ ...query, limit: query.limit + 1 });
  return { rows: rows.slice(0, query.limit), isLast: rows.length <= query.limit };
}
