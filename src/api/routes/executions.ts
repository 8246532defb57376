// /api/executions: finite runs, what they printed, and their early end.
import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import * as z from "zod";
import type { Context } from "../../context.ts";
import { FAILURES } from "../../domain/execution.ts";
import type { OutputStream } from "../../domain/execution-output.ts";
import type { LogLine } from "../../domain/log-line.ts";
import { cancelExecution } from "../../operations/cancel-execution.ts";
import { findApp } from "../../operations/find-app.ts";
import { findExecution, listExecutions, viewExecution } from "../../operations/find-execution.ts";
import type { Routes } from "../api.ts";
import { decodeExecutionCursor, encodeExecutionCursor } from "../execution-cursor.ts";
import { inPieces } from "../in-pieces.ts";
import { Execution, ExecutionKind, ExecutionState } from "../schemas/execution.ts";
import { answers, flag, NoBody, NoQuery, Problem, whole } from "../schemas/parts.ts";
import { sinceTime } from "../since.ts";

const MAX_LIMIT = 1_000;

const ListQuery = z.strictObject({
  app: z.exactOptional(z.string().max(80)).describe("Id or name"),
  kind: z.exactOptional(ExecutionKind),
  state: z
    .exactOptional(z.union([ExecutionState, z.literal("failures")]))
    .describe("failures: failed, timed_out and lost"),
  since: z.exactOptional(z.string().max(40)).describe("A duration (24h) or a time (ISO 8601)"),
  limit: whole(1, MAX_LIMIT).prefault("100").meta({ default: 100, description: "The newest ones" }),
  cursor: z.exactOptional(z.string().max(200)).describe("nextCursor of the page before"),
});

const ListAnswer = z.object({
  executions: z.array(Execution).describe("Newest first"),
  nextCursor: z.string().nullable().describe("null on the last page"),
});

const Params = z.strictObject({ id: z.string().min(1).max(80).describe("Id of the execution") });

const OutputQuery = z.strictObject({
  tail: z.exactOptional(whole(0, 1_000_000)).describe("The last lines; all when left out"),
  follow: flag("Go on with new lines until it has ended, as server-sent events"),
});

const Line = z.object({ text: z.string().describe("May hold escape sequences") });

const outputAnswer = {
  200: {
    description: "What it printed; with follow a stream of events, one for each line",
    content: { "text/plain": { schema: z.string() }, "text/event-stream": { schema: Line } },
  },
  default: Problem,
};

export const executionRoutes: Routes = (api, parts) => {
  const { context, auth } = parts;
  const common = { config: { access: "person" } } as const;
  api.get(
    "/api/executions",
    {
      ...common,
      schema: {
        tags: ["executions"],
        summary: "Finite runs, newest first",
        querystring: ListQuery,
        response: answers(200, ListAnswer),
      },
    },
    async ({ query }) => {
      const { rows, isLast } = await listExecutions(context, executionQuery(context, query));
      const last = rows.at(-1);
      const nextCursor = isLast || last === undefined ? null : encodeExecutionCursor(last);
      return { executions: rows.map((row) => viewExecution(context, row)), nextCursor };
    },
  );
  api.get(
    "/api/executions/:id",
    {
      ...common,
      schema: {
        tags: ["executions"],
        summary: "One of them",
        params: Params,
        querystring: NoQuery,
        response: answers(200, Execution),
      },
    },
    async ({ params }) => viewExecution(context, await findExecution(context, params.id)),
  );
  api.post(
    "/api/executions/:id/cancel",
    {
      ...common,
      schema: {
        tags: ["executions"],
        summary: "Ends it, with all that it has started",
        params: Params,
        querystring: NoQuery,
        body: NoBody,
        response: answers(202, Execution),
      },
    },
    async (request, reply) => {
      const row = await cancelExecution(context, request.params.id, auth.actorOf(request.raw));
      reply.code(202);
      return viewExecution(context, row);
    },
  );
  outputRoutes(api, parts);
};

const outputRoutes: Routes = (api, { context, streams }) => {
  const output = (path: string, stream: OutputStream, summary: string) =>
    api.get(
      `/api/executions/:id/${path}`,
      {
        config: { access: "person" },
        exposeHeadRoute: false,
        schema: {
          tags: ["executions"],
          summary,
          params: Params,
          querystring: OutputQuery,
          response: outputAnswer,
        },
      },
      async (request, reply) => {
        const { appId, id } = await findExecution(context, request.params.id);
        const app = context.store.apps.get(appId)?.name ?? "";
        const { tail, follow } = request.query;
        const query = { stream, ...(tail !== undefined && { tail }) };
        if (!follow) {
          const lines = context.output.read(app, id, query, goneOf(reply));
          return reply
            .type("text/plain; charset=utf-8")
            .send(Readable.from(inPieces(asText(lines))) as never);
        }
        const events = streams.open(request as FastifyRequest, reply);
        const lines = context.output.read(app, id, { ...query, follow }, events.signal);
        await events.sendAll(asEvents(lines)).catch((error: unknown) => {
          if (!events.signal.aborted)
            context.log.warn("a stream of output ended early", { error: String(error) });
          events.end();
        });
        return reply;
      },
    );
  output("stdout", "out", "What it printed");
  output("stderr", "err", "What it printed on stderr");
};

function executionQuery(context: Context, query: z.infer<typeof ListQuery>) {
  const { app, kind, state, since, limit, cursor } = query;
  return {
    limit,
    ...(app !== undefined && { appId: findApp(context, app).id }),
    ...(kind !== undefined && { kind }),
    ...(state !== undefined && { states: state === "failures" ? FAILURES : [state] }),
    ...(since !== undefined && { since: sinceTime(since, context.clock.now()) }),
    ...(cursor !== undefined && { before: decodeExecutionCursor(cursor) }),
  };
}

function goneOf(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  return gone.signal;
}

async function* asText(lines: AsyncIterable<LogLine>): AsyncIterable<string> {
  for await (const { text } of lines) yield `${text}\n`;
}

async function* asEvents(lines: AsyncIterable<LogLine>) {
  for await (const { text, offset } of lines) yield { data: { text }, id: offset };
}
