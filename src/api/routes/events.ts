// What happened: as a list, or live as server-sent events that go on where a reader left off.
import type { FastifyReply, FastifyRequest } from "fastify";
import * as z from "zod";
import type { Context } from "../../context.ts";
import type { GantryEvent } from "../../domain/event.ts";
import { findApp } from "../../operations/find-app.ts";
import type { Routes } from "../api.ts";
import { HttpProblem } from "../problem.ts";
import { Event, showEvent } from "../schemas/event.ts";
import { AppParams, flag, Problem, whole } from "../schemas/parts.ts";
import type { EventStream } from "../stream.ts";

/** The most events that a reader is given again; one that missed more is told so. */
const MAX_REPLAY = 10_000;
const MAX_ID = 2 ** 48;

const query = {
  after: z
    .exactOptional(whole(0, MAX_ID))
    .describe("Only events with a higher id. In a stream: first those, then live"),
  before: z.exactOptional(whole(1, MAX_ID)).describe("Only events with a lower id; not for streams"),
  limit: whole(1, MAX_REPLAY)
    .prefault("100")
    .meta({ default: 100, description: "The newest ones, oldest first; not for streams" }),
  progress: flag("Also news that are not stored, for example lines of builds"),
};

const EventsQuery = z.strictObject({
  ...query,
  app: z.exactOptional(z.string().max(80)).describe("Id or name"),
});
const AppEventsQuery = z.strictObject(query);

type Query = z.infer<typeof AppEventsQuery>;

const response = {
  200: {
    description: "A list for Accept: application/json, else a stream",
    content: {
      "application/json": { schema: z.object({ events: z.array(Event) }) },
      "text/event-stream": { schema: Event },
    },
  },
  default: Problem,
};

export const eventRoutes: Routes = (api, { context, streams }) => {
  const serve = async (
    request: FastifyRequest,
    reply: FastifyReply,
    given: Query,
    appId: string | undefined,
  ) => {
    const accept = request.headers.accept ?? "";
    if (accept.includes("application/json") && !accept.includes("text/event-stream")) {
      const { limit, after, before } = given;
      const wanted = {
        limit,
        ...(after !== undefined && { after }),
        ...(before !== undefined && { before }),
      };
      const events = await context.store.events({ ...wanted, ...(appId !== undefined && { appId }) });
      return { events: events.map((event) => showEvent(context, event)) };
    }
    const after = lastEventId(request) ?? given.after;
    const stream = streams.open(request, reply);
    await follow(context, stream, { after, appId, progress: given.progress }).catch((error: unknown) => {
      context.log.warn("a stream of events ended early", { error: String(error) });
      stream.end();
    });
    return reply;
  };
  const common = { config: { access: "person" }, exposeHeadRoute: false } as const;

  api.get(
    "/api/events",
    { ...common, schema: { tags: ["watch"], summary: "What happened", querystring: EventsQuery, response } },
    async (request, reply) => {
      const { app, ...given } = request.query;
      return serve(request, reply, given, app === undefined ? undefined : findApp(context, app).id);
    },
  );
  api.get(
    "/api/apps/:id/events",
    {
      ...common,
      schema: {
        tags: ["watch"],
        summary: "What happened to it",
        params: AppParams,
        querystring: AppEventsQuery,
        response,
      },
    },
    async (request, reply) => serve(request, reply, request.query, findApp(context, request.params.id).id),
  );
};

/** What a reader that comes back saw last. Throws `malformed` when it is no id of an event. */
function lastEventId({ headers }: FastifyRequest): number | undefined {
  const text = headers["last-event-id"];
  if (text === undefined || text === "") return undefined;
  if (typeof text !== "string" || !/^\d{1,14}$/.test(text))
    throw new HttpProblem("malformed", { reason: "Last-Event-ID is no id of an event" });
  return Number(text);
}

/** A database that was restored from a copy may be behind its readers: they hear what is new all the same. */
async function newestId({ store }: Context): Promise<number> {
  return (await store.events({ limit: 1 })).at(-1)?.id ?? 0;
}

interface Following {
  after: number | undefined;
  appId: string | undefined;
  progress: boolean;
}

/** Stored events first, then live ones: each once, in order, none left out between the two. */
async function follow(
  context: Context,
  stream: EventStream,
  { after, appId, progress }: Following,
): Promise<void> {
  const wanted = (id: string | null) => appId === undefined || appId === id;
  let waiting: GantryEvent[] | null = [];
  let last = after ?? 0;
  const send = (event: GantryEvent) => {
    if (event.id <= last || !wanted(event.appId)) return;
    last = event.id;
    stream.send({ id: event.id, data: showEvent(context, event) });
  };
  const undo = [
    context.store.onEvent((event) => (waiting === null ? send(event) : waiting.push(event))),
    ...(progress
      ? [context.progress.on((news) => wanted(news.appId) && stream.send({ event: "progress", data: news }))]
      : []),
  ];
  stream.signal.addEventListener("abort", () => undo.map((off) => off()), { once: true });
  if (after !== undefined) {
    const missed = await context.store.events({
      after,
      limit: MAX_REPLAY,
      ...(appId !== undefined && { appId }),
    });
    if (missed.length === MAX_REPLAY) stream.send({ event: "gap", data: { after, before: missed[0]?.id } });
    missed.forEach(send);
    if (missed.length === 0) last = Math.min(last, await newestId(context), (waiting[0]?.id ?? MAX_ID) - 1);
  }
  const arrived = waiting;
  waiting = null;
  arrived.forEach(send);
}
