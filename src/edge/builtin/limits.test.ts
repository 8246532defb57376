// Time limits and room: who is slow or too many is let go, and nobody else notices.
import { afterEach, describe, expect, it } from "vitest";
import {
  CLOSE,
  edgeLog,
  endAll,
  eventually,
  exchange,
  get,
  RawClient,
  rawApp,
  startEdge,
  table,
  target,
} from "./edge-test-kit.ts";

afterEach(async () => {
  await endAll();
  expect(edgeLog.splice(0)).toEqual([]);
});

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const GET = get("/", "notes.localhost", CLOSE);

async function start(limits: Parameters<typeof startEdge>[0]) {
  const started = await startEdge(limits);
  const app = await rawApp((seen, socket) => {
    if (seen.endsWith("\r\n\r\n")) socket.write(OK);
  });
  await started.edge.use(table(target("notes", app)));
  return started;
}

describe("time", () => {
  it("for a head is bounded, also when bytes keep coming", async () => {
    const { port } = await start({ headMs: 300, lingerMs: 300 });
    const client = new RawClient(port).send("GET / HTTP/1.1\r\n");
    const trickle = setInterval(() => client.send("x"), 50);
    expect(await client.all()).toMatch(/^HTTP\/1\.1 408 /);
    clearInterval(trickle);
    expect(await new RawClient(port).all()).toBe("");
  });

  it("of a kept connection is bounded, and one in use is left alone", async () => {
    const { port } = await start({ idleMs: 300, lingerMs: 300 });
    const client = new RawClient(port).send(get("/", "notes.localhost"));
    expect(await client.all()).toBe(OK);
  });

  it("for a body that stands still is bounded", async () => {
    const { port } = await start({ stallMs: 300, lingerMs: 300 });
    const client = new RawClient(port).send(
      "POST / HTTP/1.1\r\nHost: notes.localhost\r\nContent-Length: 9\r\n\r\nx",
    );
    expect(await client.all()).toMatch(/^HTTP\/1\.1 408 |ok$/);
  });

  it("of an unfinished answer is bounded once its client has ended its side, and its instance is free", async () => {
    const { edge, port } = await startEdge({ silenceMs: 300 });
    const app = await rawApp(
      (_seen, socket) => void socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"),
    );
    await edge.use(table(target("notes", app)));
    const client = new RawClient(port).send(GET);
    await client.until((text) => text.endsWith("half"));
    client.socket.end();
    await new Promise<void>((resolve) => edge.parts.routes.whenDrained(`notes-${app}`, resolve));
    await eventually(() => edge.connections === 0, "the end of the connection");
  });

  it("for taking an answer is bounded", async () => {
    const { edge, port } = await startEdge({ stallMs: 300 });
    const app = await rawApp((_seen, socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n`);
      socket.write(Buffer.alloc(100_000_000));
    });
    await edge.use(table(target("notes", app)));
    const client = new RawClient(port).send(GET);
    await client.until((text) => text.length > 0);
    client.socket.pause();
    await eventually(() => edge.connections === 0, "the end of the connection");
  });
});

describe("room", () => {
  it("is left for others by 2,000 connections that trickle", async () => {
    const { edge, port } = await start({});
    const slow = Array.from({ length: 2_000 }, () =>
      new RawClient(port).send("GET / HTTP/1.1\r\nHost: notes"),
    );
    await eventually(() => edge.connections === 2_000, "2,000 connections");
    for (const client of slow) client.send(".");
    for (let count = 0; count < 20; count++) expect(await exchange(port, GET)).toMatch(/ok$/);
  });

  it("is made by letting the oldest go that has no whole request", async () => {
    const { edge, port } = await start({ maxConnections: 3 });
    const slow = [1, 2, 3].map(() => new RawClient(port).send("GET"));
    await eventually(() => edge.connections === 3, "three connections");
    expect(await exchange(port, GET)).toMatch(/ok$/);
    await eventually(() => slow.filter((client) => client.closed).length === 1, "one to be let go");
  });

  it("is refused with 503 when all are busy", async () => {
    const { edge, port } = await start({ maxConnections: 1 });
    await edge.use(table(target("notes", [], { action: "wait", state: "starting", waitMs: 5_000 })));
    const busy = new RawClient(port).send(GET);
    await eventually(() => edge.parts.waiting === 1, "a busy connection");
    expect(await exchange(port, GET)).toMatch(/^HTTP\/1\.1 503 [\s\S]*too-many-connections/);
    expect(busy.closed).toBe(false);
  });

  it.each([
    ["one long line", `GET / HTTP/1.1\r\nHost: notes.localhost\r\nX: ${"y".repeat(20_000)}\r\n\r\n`, 431],
    ["an endless line", `GET / HTTP/1.1\r\nHost: notes.localhost\r\nX: ${"y".repeat(200_000)}`, 431],
    ["an endless target", `GET /${"y".repeat(200_000)}`, 431],
    ["many lines", `GET / HTTP/1.1\r\nHost: notes.localhost\r\n${"X: y\r\n".repeat(500)}\r\n`, 431],
    [
      "a broken chunk",
      "POST / HTTP/1.1\r\nHost: notes.localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      400,
    ],
    ["a bare LF, byte by byte", "GET / HTTP/1.1\nHost: notes.localhost\n\n", 400],
    ["a request behind a broken one", `GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n${GET}`, 400],
  ])("is not given to %s", async (name, text, status) => {
    const { port } = await start({ lingerMs: 300 });
    const client = new RawClient(port);
    if (name.includes("byte by byte")) for (const byte of text) client.send(byte);
    else client.send(text);
    const answer = await client.all();
    expect(Number(answer.slice(9, 12))).toBe(status);
    expect(answer.split("HTTP/1.1 ").length).toBe(2);
  });
});

describe("stopping", () => {
  it("lets a request in flight end, takes no new one, and closes idle connections", async () => {
    const { edge, port } = await startEdge({ stopMs: 5_000, lastRequestMs: 1_500, lingerMs: 200 });
    const nothing = (): void => undefined;
    let answer: () => void = nothing;
    const app = await rawApp((seen, socket) => {
      if (seen.includes("GET /later")) answer = () => socket.write(OK);
      else socket.write(OK);
    });
    await edge.use(table(target("notes", app)));
    const idle = new RawClient(port).send(get("/now", "notes.localhost"));
    await idle.until((text) => text.endsWith("ok"));
    const late = new RawClient(port).send(get("/now", "notes.localhost"));
    await late.until((text) => text.endsWith("ok"));
    const busy = new RawClient(port).send(get("/later", "notes.localhost"));
    await eventually(() => edge.connections === 3, "three connections");
    await eventually(() => answer !== nothing, "the request in flight");
    const stopped = edge.stop();
    while ((await exchange(port, GET)) !== "");
    late.send(get("/now", "notes.localhost"));
    expect(await late.all()).toMatch(/Connection: close\r\n\r\nok$/);
    answer();
    expect(await busy.all()).toMatch(/Connection: close\r\n\r\nok$/);
    await idle.all();
    await stopped;
    expect(edge.connections).toBe(0);
  });
});
