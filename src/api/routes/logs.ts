// Output of apps: as lines of JSON, or live as server-sent events.
import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import * as z from "zod";
import { GantryError } from "../../domain/errors.ts";
import type { LogLine, LogQuery } from "../../domain/log-line.ts";
import { findApp, listApps } from "../../operations/find-app.ts";
import type { Routes } from "../api.ts";
import { inPieces } from "../in-pieces.ts";
import { HttpProblem } from "../problem.ts";
import { AppParams, flag, Problem, Time, whole } from "../schemas/parts.ts";
import { sinceTime } from "../since.ts";

const MAX_POSITION_LENGTH = 8_000;
/** Offsets by instance: `i_1:200,i_2:0`. */
const POSITION = /^[\w-]{1,80}:\d{1,15}(,[\w-]{1,80}:\d{1,15})*$/;
/** An event's id tells of at most so many instances: those that wrote last. */
const MAX_POSITIONS = 64;

const query = {
  tail: z.exactOptional(whole(0, 1_000_000)).describe("The last lines of each app; all when left out"),
  since: z.exactOptional(z.string().max(40)).describe("A duration (10m) or a time (ISO 8601)"),
  instance: z.exactOptional(z.string().max(80)).describe("Only this instance"),
  grep: z
    .exactOptional(z.string().min(1).max(500))
    .describe("Text that the line contains, or /a regular expression/"),
  follow: flag("Go on with new lines, as server-sent events"),
  after: z
    .exactOptional(z.string().max(MAX_POSITION_LENGTH).regex(POSITION, "it is no id of an event"))
    .describe("Go on behind the event with this id, instead of tail and since; Last-Event-ID says the same"),
};

const AppLogsQuery = z.strictObject(query);
const LogsQuery = z.strictObject({
  ...query,
  app: z
    .exactOptional(z.union([z.string().max(80), z.array(z.string().max(80)).max(1_000)]))
    .describe("Ids or names; all apps when left out"),
});

const Line = z
  .object({
    app: z.string(),
    instanceId: z.string(),
    at: Time.nullable().describe("About when it was written"),
    text: z.string().describe("May hold escape sequences"),
  })
  .meta({ id: "LogLine" });

const response = {
  200: {
    description: "One JSON document a line; with follow a stream of events",
    content: { "application/x-ndjson": { schema: Line }, "text/event-stream": { schema: Line } },
  },
  default: Problem,
};

export const logRoutes: Routes = (api, { context, streams }) => {
  const serve = async (request: FastifyRequest, reply: FastifyReply, names: string[], given: Given) => {
    const wanted = logQuery({ ...given, ...lastPosition(request) }, context.clock.now());
    if (given.follow) {
      const stream = streams.open(request, reply);
      const lines = context.logs.read(names, wanted, stream.signal);
      await stream.sendAll(asEvents(lines, wanted.after)).catch((error: unknown) => {
        if (!stream.signal.aborted) context.log.warn("a log stream ended early", { error: String(error) });
        stream.end();
      });
      return reply;
    }
    const gone = new AbortController();
    reply.raw.once("close", () => gone.abort());
    const lines = context.logs.read(names, wanted, gone.signal);
    return reply
      .type("application/x-ndjson; charset=utf-8")
      .send(Readable.from(inPieces(asText(lines))) as never);
  };
  const common = { config: { access: "person" }, exposeHeadRoute: false } as const;

  api.get(
    "/api/apps/:id/logs",
    {
      ...common,
      schema: {
        tags: ["watch"],
        summary: "Its output",
        params: AppParams,
        querystring: AppLogsQuery,
        response,
      },
    },
    async (request, reply) =>
      serve(request, reply, [findApp(context, request.params.id).name], request.query),
  );
  api.get(
    "/api/logs",
    {
      ...common,
      schema: { tags: ["watch"], summary: "Output of several apps", querystring: LogsQuery, response },
    },
    async (request, reply) => {
      const { app, ...given } = request.query;
      const apps = app === undefined ? listApps(context) : [app].flat().map((name) => findApp(context, name));
      return serve(request, reply, [...new Set(apps.map(({ name }) => name))], given);
    },
  );
};

type Given = z.infer<typeof AppLogsQuery>;

/** What a reader that comes back saw last. */
function lastPosition({ headers }: FastifyRequest): { after?: string } {
  const last = headers["last-event-id"];
  if (typeof last !== "string" || last === "") return {};
  if (last.length > MAX_POSITION_LENGTH || !POSITION.test(last))
    throw new HttpProblem("malformed", { reason: "Last-Event-ID is no id of an event" });
  return { after: last };
}

function logQuery({ tail, since, instance, grep, follow, after }: Given, now: number): LogQuery {
  return {
    follow,
    ...(tail !== undefined && { tail }),
    ...(since !== undefined && { since: sinceTime(since, now) }),
    ...(instance !== undefined && { instanceId: instance }),
    ...(grep !== undefined && { grep: checkGrep(grep) }),
    ...(after !== undefined && { after: offsetsOf(after) }),
  };
}

const offsetsOf = (position: string): Record<string, number> =>
  Object.fromEntries(
    position.split(",").map((part) => {
      const [id = "", offset] = part.split(":");
      return [id, Number(offset)];
    }),
  );

function checkGrep(grep: string): string {
  const pattern = /^\/(.*)\/$/s.exec(grep)?.[1];
  try {
    if (pattern !== undefined) new RegExp(pattern);
    return grep;
  } catch {
    throw new GantryError("invalid-input", { reason: "grep: it is no regular expression", field: "grep" });
  }
}

const show = ({ app, instanceId, at, text }: LogLine): z.infer<typeof Line> => ({
  app,
  instanceId,
  at: at === null ? null : new Date(at).toISOString(),
  text,
});

async function* asText(lines: AsyncIterable<LogLine>): AsyncIterable<string> {
  for await (const line of lines) yield `${JSON.stringify(show(line))}\n`;
}

/** Each event's id holds where every instance was read up to, so that one id is enough to go on. */
async function* asEvents(lines: AsyncIterable<LogLine>, start: Record<string, number> = {}) {
  const offsets = new Map(Object.entries(start));
  for await (const line of lines) {
    offsets.delete(line.instanceId);
    offsets.set(line.instanceId, line.offset);
    for (const oldest of offsets.keys()) if (offsets.size > MAX_POSITIONS) offsets.delete(oldest);
    const id = [...offsets].map(([instance, offset]) => `${instance}:${offset}`).join(",");
    yield { data: show(line), id };
  }
}
