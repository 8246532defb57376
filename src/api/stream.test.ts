import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/helpers/api.ts";
import { open } from "../../test/helpers/request.ts";
import { createClient, type StreamEvent } from "../client/client.ts";
import type { NewEvent } from "../domain/event.ts";
import type { LogLine, LogQuery } from "../domain/log-line.ts";

let on: TestApi;
const ends: AbortController[] = [];
beforeEach(async () => {
  on = await createTestApi();
});
afterEach(async () => {
  for (const end of ends.splice(0)) end.abort();
  await on.end();
});

const happen = (message: string, appId: string | null = null, data: NewEvent["data"] = {}) =>
  on.context.store.write({ events: [{ type: "app.updated", appId, actor: "api", message, data }] });

const ids = async () => (await on.context.store.events({ limit: 1_000 })).map(({ id }) => id);

/** Reads a stream in the background. */
function follow(query: Record<string, string>, headers: Record<string, string> = {}) {
  const end = new AbortController();
  ends.push(end);
  const got: StreamEvent[] = [];
  const client = createClient({ socketPath: on.socketPath });
  const done = (async () => {
    for await (const event of client.stream("/api/events", { query, headers, signal: end.signal } as never))
      got.push(event);
  })();
  const messages = () => got.map(({ data }) => (data as { message: string }).message);
  return { got, messages, done };
}

describe("events", () => {
  test("come live, with app and time as people need them", async () => {
    const app = await on.addApp("notes");
    const stream = follow({});
    await pause(50);
    await happen("changed", app.id);
    await expect.poll(() => stream.got.length).toBe(1);
    const [event] = stream.got;
    expect(event).toMatchObject({
      event: "message",
      data: {
        app: "notes",
        appId: app.id,
        actor: "api",
        message: "changed",
        at: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    });
    expect(event?.id).toBe(String((await ids()).at(-1)));
  });

  test("go on after the last one seen: none lost, none twice, in order", async () => {
    for (let i = 0; i < 20; i++) await happen(`before ${i}`);
    const seen = (await ids())[4] ?? 0;
    const streams = [follow({}, { "last-event-id": String(seen) }), follow({ after: String(seen) })];
    const writes = Array.from({ length: 50 }, (_, i) => happen(`while ${i}`));
    await Promise.all(writes);
    const expected = (await ids()).filter((id) => id > seen).map(String);
    for (const stream of streams) {
      await expect.poll(() => stream.got.length).toBe(expected.length);
      expect(stream.got.map(({ id }) => id)).toEqual(expected);
    }
  });

  test("that happen while the missed ones are read come once, behind them", async () => {
    await happen("missed");
    const { events } = on.context.store;
    on.context.store.events = async (query) => {
      await happen("meanwhile, seen by the query");
      const found = await events.call(on.context.store, query);
      await happen("meanwhile, not seen by it");
      return found;
    };
    const stream = follow({ after: "0" });
    const expected = ["missed", "meanwhile, seen by the query", "meanwhile, not seen by it"];
    await expect.poll(stream.messages).toEqual(expected);
    await happen("live");
    await expect.poll(stream.messages).toEqual([...expected, "live"]);
  });

  test("come also to a reader that is ahead of a restored database", async () => {
    await happen("old");
    const stream = follow({ after: "1000000" });
    await pause(50);
    await happen("new");
    await expect.poll(stream.messages).toEqual(["new"]);
  });

  test("of one app leave those of others out", async () => {
    const [notes, blog] = [await on.addApp("notes"), await on.addApp("blog")];
    const stream = follow({ app: "notes", after: "0" });
    await happen("a", notes.id);
    await happen("b", blog.id);
    await happen("c", notes.id);
    await expect.poll(stream.messages).toEqual(["a", "c"]);
    expect(
      (
        await on.local("GET", "/api/apps/blog/events?limit=5", { headers: { accept: "application/json" } })
      ).json(),
    ).toMatchObject({
      events: [{ message: "b" }],
    });
  });

  test("bring progress only to those who ask", async () => {
    const streams = [follow({ progress: "true" }), follow({})];
    await pause(50);
    on.context.progress.announce({ appId: "a", stage: "dependencies", message: "fetching" });
    await happen("stored");
    await expect.poll(() => streams[0]?.got.length).toBe(2);
    expect(streams[0]?.got[0]).toMatchObject({
      event: "progress",
      id: "",
      data: { stage: "dependencies", message: "fetching" },
    });
    await expect.poll(() => streams[1]?.got.length).toBe(1);
  });

  test("refuse what is no id", async () => {
    const answer = await on.local("GET", "/api/events", { headers: { "last-event-id": "x; y" } });
    expect([answer.status, answer.json<{ error: { code: string } }>().error.code]).toEqual([
      400,
      "malformed",
    ]);
  });

  test("keep markup and line ends inside of one event", async () => {
    const stream = follow({});
    await pause(50);
    await happen("two\nlines\r\n\r\ndata: forged\n\n<b>");
    await expect.poll(stream.messages).toEqual(["two\nlines\r\n\r\ndata: forged\n\n<b>"]);
  });
});

describe("a stream", () => {
  test("ends cleanly when the API closes, and the listeners go with it", async () => {
    const stream = follow({});
    await pause(50);
    await on.api.close();
    await stream.done;
    await happen("nobody hears this");
    expect(stream.got).toEqual([]);
  });

  test("of a reader that takes nothing is cut; others go on", async () => {
    const good = follow({});
    const slow = connect(on.socketPath);
    slow.on("error", () => {});
    slow.write("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    slow.pause();
    await pause(50);
    const large = { text: "x".repeat(100_000) };
    for (let i = 0; i < 30; i++) {
      await happen(`event ${i}`, null, large);
      await expect.poll(() => good.got.length, { interval: 5 }).toBe(i + 1);
    }
    let bytes = 0;
    await new Promise<void>((resolve) => {
      slow.on("data", (piece) => {
        bytes += piece.length;
      });
      slow.on("close", () => resolve()).resume();
    });
    expect(bytes).toBeLessThan(30 * 100_000);
  });

  test("can't be opened by HEAD", async () => {
    const answer = await open({ method: "HEAD", path: "/api/events", socketPath: on.socketPath });
    answer.resume();
    expect(answer.statusCode).toBe(405);
  });
});

describe("logs", () => {
  const line = (text: string, offset: number): LogLine => ({
    app: "notes",
    instanceId: "i_1",
    at: 0,
    text,
    offset,
  });

  /** Stands for a flood that never ends; counts how much of it was asked for. */
  function flood() {
    const seen = { asked: 0, ended: false };
    async function* read(): AsyncIterable<LogLine> {
      try {
        for (;;) yield line("x".repeat(10_000), ++seen.asked);
      } finally {
        seen.ended = true;
      }
    }
    return { seen, read };
  }

  test.each([
    ["as lines", "/api/apps/notes/logs"],
    ["followed", "/api/apps/notes/logs?follow=true"],
  ])("%s are read no faster than they are taken, and no longer", async (_, path) => {
    const { seen, read } = flood();
    await on.addApp("notes");
    on.context.logs.read = read;
    const answer = await open({ path, socketPath: on.socketPath });
    await new Promise((resolve) => answer.once("readable", resolve));
    await pause(200);
    const asked = seen.asked;
    expect(asked).toBeLessThan(1_000);
    await pause(100);
    expect(seen.asked).toBe(asked);
    answer.destroy();
    await expect.poll(() => seen.ended).toBe(true);
  });

  test("tell time, instance and raw text", async () => {
    await on.addApp("notes");
    on.context.logs.read = async function* () {
      yield line("\u001b[31mred\u001b[0m <b>", 7);
    };
    const answer = await on.local("GET", "/api/logs?app=notes&app=notes&tail=5");
    expect(answer.headers["content-type"]).toBe("application/x-ndjson; charset=utf-8");
    expect(answer.json()).toEqual({
      app: "notes",
      instanceId: "i_1",
      at: "1970-01-01T00:00:00.000Z",
      text: "\u001b[31mred\u001b[0m <b>",
    });
  });

  test("followed again go on where each instance was, by one id", async () => {
    await on.addApp("notes");
    const queries: LogQuery[] = [];
    on.context.logs.read = async function* (_, query) {
      queries.push(query);
      yield { ...line("a", 5), instanceId: "i_1" };
      yield { ...line("b", 9), instanceId: "i_2" };
      yield { ...line("c", 12), instanceId: "i_1" };
    };
    const client = createClient({ socketPath: on.socketPath });
    let last = "";
    for await (const event of client.stream("/api/logs", { query: { follow: "true" } })) last = event.id;
    const more = { query: { follow: "true" as const }, headers: { "last-event-id": last } };
    for await (const _ of client.stream("/api/logs", more)) break;
    for await (const _ of client.stream("/api/logs", { query: { follow: "true", after: last } })) break;
    expect(queries.map(({ after }) => after)).toEqual([undefined, { i_1: 12, i_2: 9 }, { i_1: 12, i_2: 9 }]);
    expect((await on.local("GET", "/api/logs", { headers: { "last-event-id": "i_1" } })).status).toBe(400);
    expect((await on.local("GET", "/api/logs?after=i_1:x")).status).toBe(422);
  });
});
