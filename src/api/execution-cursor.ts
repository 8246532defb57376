// Pages of executions, newest first: a cursor is the position of the last one of the page before.
import type { ExecutionCursor } from "../domain/execution.ts";
import { HttpProblem } from "./problem.ts";

export const encodeExecutionCursor = ({ createdAt, id }: ExecutionCursor): string =>
  Buffer.from(`x:${createdAt}:${id}`).toString("base64url");

/** Throws `malformed` for one that is none. */
export function decodeExecutionCursor(cursor: string): ExecutionCursor {
  const text = Buffer.from(cursor, "base64url").toString("utf8");
  const [, createdAt, id] = /^x:(\d{1,15}):([\w-]{1,80})$/.exec(text) ?? [];
  if (createdAt === undefined || id === undefined)
    throw new HttpProblem("malformed", { reason: "this cursor is not one of Gantry's" });
  return { createdAt: Number(createdAt), id };
}
