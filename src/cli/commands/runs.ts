// `gantry runs`: finite runs (hooks and the like), their results, and what they printed.
import type { ExecutionView } from "../../domain/execution-view.ts";
import { command } from "../command.ts";
import { describeExecution } from "../describe-execution.ts";
import { executionColumns, executionRow } from "../execution-table.ts";
import { Failure } from "../failure.ts";
import type { Session } from "../session.ts";
import { showOutput } from "../show-output.ts";

const DEFAULT_TAIL = 20;
/** No app's name has an underscore. */
const EXECUTION_ID = /^x_\w+$/;

export default command({
  description:
    "Newest first. The id of a run shows that one; with --output what it printed, stdout and stderr each where they belong, to its end while it runs.",
  arguments: [{ name: "app|id", summary: "only the runs of this app, or one run", complete: "app" }],
  options: {
    failed: { type: "flag", summary: "only those that failed, took too long or got lost" },
    today: { type: "flag", summary: "only those of today" },
    tail: {
      type: "number",
      short: "n",
      value: "runs",
      min: 1,
      max: 1_000,
      summary: `so many; default: ${DEFAULT_TAIL}`,
    },
    output: { type: "flag", short: "o", summary: "of one run: what it printed" },
    cancel: { type: "flag", summary: "of one run: end it, with all that it has started" },
  },
  examples: [
    { line: "gantry runs notes", what: "the latest runs of an app" },
    { line: "gantry runs --failed --today", what: "what went wrong today" },
    { line: "gantry runs x_1m7vxqafxzqfjq00h --output", what: "what one of them printed" },
  ],
  async run({ args: [what], options }, session) {
    const { failed, today, tail, output, cancel } = options;
    if (what !== undefined && EXECUTION_ID.test(what)) return await one(what, { output, cancel }, session);
    if (output || cancel)
      throw new Failure("usage", `${output ? "--output" : "--cancel"} needs the id of a run`, {
        code: "missing-argument",
        hint: "gantry runs shows the ids.",
      });
    const { executions } = await session.daemon().request("GET", "/api/executions", {
      query: {
        limit: tail ?? DEFAULT_TAIL,
        ...(what !== undefined && { app: what }),
        ...(failed && { state: "failures" as const }),
        ...(today && { since: new Date(new Date().setHours(0, 0, 0, 0)).toISOString() }),
      },
    });
    await list(executions, session);
  },
});

async function list(executions: ExecutionView[], { out }: Session): Promise<void> {
  if (out.json) return out.document({ executions });
  if (out.quiet)
    return executions.length === 0 ? undefined : out.print(executions.map(({ id }) => id).join("\n"));
  if (executions.length === 0) return out.note("There are no such runs.");
  const now = Date.now();
  await out.table(
    executionColumns,
    executions.map((row) => executionRow(row, now)),
  );
}

async function one(
  id: string,
  { output, cancel }: { output: boolean; cancel: boolean },
  session: Session,
): Promise<void> {
  const { out } = session;
  const daemon = session.daemon();
  const params = { id };
  if (cancel) await daemon.request("POST", "/api/executions/{id}/cancel", { params });
  if (output) return await showOutput(id, session);
  const row = await daemon.request("GET", "/api/executions/{id}", { params });
  if (out.json) out.document(row);
  else if (out.quiet) out.print(row.state);
  else for (const line of describeExecution(row, out.paint, Date.now())) out.verbatim(line);
}
