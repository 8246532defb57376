// Forwards: stable loopback ports that lead to an app, request by request or byte by byte.
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import {
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

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const withForward = (routes: ReturnType<typeof table>, port: number, mode: "http" | "tcp") => ({
  ...routes,
  forwards: [{ port, app: "notes", mode }],
});

describe("a forward", () => {
  it("by http leads to its app whatever the Host, waits for it, and goes when the table says so", async () => {
    const { edge } = await startEdge();
    const port = await freePort();
    const waiting = table(target("notes", [], { action: "wait", waitMs: 5_000 }));
    expect(await edge.use(withForward(waiting, port, "http"))).toEqual([]);
    const held = exchange(port, get("/", `127.0.0.1:${port}`, CLOSE));
    const old = exchange(port, "GET / HTTP/1.0\r\n\r\n");
    await eventually(() => edge.parts.waiting === 2, "held requests");
    const heads: string[] = [];
    const app = await rawApp((seen, socket) => {
      heads.push(seen);
      socket.write(OK);
    });
    await edge.use(withForward(table(target("notes", app)), port, "http"));
    expect(await held).toMatch(/ok$/);
    expect(await old).toMatch(/ok$/);
    expect(heads.every((head) => /^Host: 127\.0\.0\.1:\d+\r$/m.test(head))).toBe(true);
    await edge.use(table(target("notes", app)));
    expect(await exchange(port, get("/", "x", CLOSE))).toBe("");
  });

  it("by tcp passes bytes to an instance once there is one", async () => {
    const { edge } = await startEdge();
    const port = await freePort();
    await edge.use(withForward(table(target("notes", [], { action: "wait", waitMs: 5_000 })), port, "tcp"));
    const client = new RawClient(port).send("ping");
    await eventually(() => edge.parts.waiting === 1, "a held connection");
    const app = await listen(createServer({ allowHalfOpen: true }, (socket) => void socket.pipe(socket)));
    await edge.use(withForward(table(target("notes", app)), port, "tcp"));
    await client.until((text) => text === "ping");
    client.send("pong");
    client.socket.end();
    expect(await client.all()).toBe("pingpong");
  });

  it("that can't be listened on is told and does not stand in the way of others", async () => {
    const { edge } = await startEdge();
    const [taken, free] = [await listen(createServer()), await freePort()];
    const app = await rawApp((_seen, socket) => socket.write(OK));
    const routes = table(target("notes", app));
    routes.forwards = [taken, free].map((port) => ({ port, app: "notes", mode: "http" }));
    const problems = await edge.use(routes);
    expect(problems).toEqual([expect.stringContaining(`port ${taken} of notes`)]);
    expect(await exchange(free, get("/", "x", CLOSE))).toMatch(/ok$/);
  });
});
