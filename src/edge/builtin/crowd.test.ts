// Many at once and for long: streams that no change of another app touches, and memory that stays flat.
import { createServer } from "node:http";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import {
  atEnd,
  CLOSE,
  edgeLog,
  endAll,
  eventually,
  exchange,
  get,
  listen,
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

describe("changes to one app", () => {
  it("drop none of 200 WebSockets and 200 event streams of another", async () => {
    const { edge, port } = await startEdge();
    const send: ((text: string) => void)[] = [];
    const server = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.flushHeaders();
      send.push((text) => void response.write(`data: ${text}\n\n`));
    });
    const sockets = new WebSocketServer({ server });
    sockets.on("connection", (socket) => send.push((text) => socket.send(text)));
    atEnd(() => sockets.close());
    const app = target("notes", await listen(server));
    await edge.use(table(app));
    let messages = 0;
    let closed = 0;
    for (let count = 0; count < 200; count++) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers: { host: "notes.localhost" } });
      atEnd(() => socket.terminate());
      socket.on("message", () => messages++);
      socket.on("close", () => closed++);
    }
    const streams = Array.from({ length: 200 }, () => new RawClient(port).send(get("/", "notes.localhost")));
    await eventually(() => send.length === 400, "400 streams");
    for (let change = 0; change < 200; change++) {
      await edge.use(
        table(app, target("other", [change + 1], { action: change % 2 === 0 ? "serve" : "wait" })),
      );
      if (change % 50 === 0) for (const each of send) each(String(change));
    }
    await eventually(() => messages === 800, "4 messages of each WebSocket");
    await eventually(() => streams.every((stream) => stream.text.includes("data: 150\n\n")), "all events");
    expect([closed, streams.filter((stream) => stream.closed).length]).toEqual([0, 0]);
  });
});

describe("thousands of requests", () => {
  it("of all kinds leave nothing behind", async () => {
    const { edge, port } = await startEdge();
    const app = await rawApp((seen, socket) => {
      const request = seen.slice(seen.lastIndexOf("GET /"));
      if (request.startsWith("GET /die")) socket.destroy();
      else if (request.startsWith("GET /bad")) socket.write("nonsense\r\n\r\n....");
      else if (request.startsWith("GET /part")) socket.end("HTTP/1.1 200 O");
      else if (request.startsWith("GET /cut")) socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx");
      else socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    });
    await edge.use(table(target("notes", app, { waitMs: 50 })));
    const paths = ["/", "/die", "/bad", "/cut", "/part"];
    for (let round = 0; round < 40; round++)
      await Promise.all(
        Array.from({ length: 18 }, (_, index) => {
          if (index % 6 < 5) return exchange(port, get(paths[index % 6] ?? "/", "notes.localhost", CLOSE));
          const rude = connect(port, "127.0.0.1");
          rude.on("error", () => undefined);
          rude.end(get("/", "notes.localhost").slice(0, index * 3));
          return new Promise((resolve) => rude.resume().on("close", resolve));
        }),
      );
    await eventually(() => edge.connections === 0, "the end of all connections");
    expect(edge.parts.waiting).toBe(0);
    await new Promise<void>((resolve) => edge.parts.routes.whenDrained(`notes-${app}`, resolve));
    expect(await exchange(port, get("/", "notes.localhost", CLOSE))).toMatch(/ok$/);
  });
});
