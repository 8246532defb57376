// Apps that are not there, not yet, or no longer: held, tried again, or told in plain words.
import { createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
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
  sleep,
  startEdge,
  table,
  target,
} from "./edge-test-kit.ts";

afterEach(async () => {
  await endAll();
  expect(edgeLog.splice(0)).toEqual([]);
});

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const okApp = (): Promise<number> => rawApp((_seen, socket) => void socket.write(OK));
const GET = get("/", "notes.localhost", CLOSE);

/** A port that nobody listens on. */
async function deadPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("an app that waits", () => {
  const wait = (ms: number) => target("notes", [], { action: "wait", state: "starting", waitMs: ms });

  it("gets its requests, bodies included, when it is there", async () => {
    const { edge, port } = await startEdge();
    await edge.use(table(wait(5_000)));
    const post = `POST / HTTP/1.1\r\nHost: notes.localhost\r\n${CLOSE}Content-Length: 4\r\n\r\nbody`;
    const answers = [exchange(port, GET), exchange(port, post)];
    await eventually(() => edge.parts.waiting === 2, "two held requests");
    await edge.use(table(wait(5_000)));
    expect(edge.parts.waiting).toBe(2);
    let seen = "";
    const app = await rawApp((all, socket) => {
      seen += all;
      if (/^GET|body$/.test(all)) socket.write(OK);
    });
    await edge.use(table(target("notes", app)));
    for (const answer of await Promise.all(answers)) expect(answer).toMatch(/ok$/);
    expect(seen).toContain("\r\n\r\nbody");
    expect(edge.parts.waiting).toBe(0);
  });

  it("and does not come costs 503 with Retry-After", async () => {
    const { edge, port } = await startEdge();
    await edge.use(table(wait(50)));
    const answer = await exchange(port, GET);
    expect(answer).toMatch(/^HTTP\/1\.1 503 .*\r\n/);
    expect(answer).toContain("Retry-After: ");
    expect(answer).toContain('"code":"app-starting"');
  });

  it("and runs without ever listening has no page, which is said", async () => {
    const { edge, port } = await startEdge();
    await edge.use(table({ ...wait(50), state: "running" }));
    expect(await exchange(port, GET)).toContain("running, but it does not listen");
    await edge.use(table(target("notes", [], { action: "unavailable", state: "running" })));
    expect(await exchange(port, GET)).toContain("running, but it does not listen");
  });

  it("holds a bounded number, and none of those who left", async () => {
    const { edge, port } = await startEdge({ maxWaiting: 2 });
    await edge.use(table(wait(60_000)));
    const clients = [new RawClient(port).send(GET), new RawClient(port).send(GET)];
    await eventually(() => edge.parts.waiting === 2, "two held requests");
    expect(await exchange(port, GET)).toContain("too-many-waiting");
    for (const client of clients) client.socket.destroy();
    await eventually(() => edge.parts.waiting === 0, "the room of those who left");
  });

  it("and then fails or goes says so at once", async () => {
    const { edge, port } = await startEdge();
    await edge.use(table(wait(5_000)));
    const failed = exchange(port, GET);
    await eventually(() => edge.parts.waiting === 1, "a held request");
    await edge.use(table(target("notes", [], { action: "unavailable", state: "failed", reason: "exit 1" })));
    expect(await failed).toContain("exit 1");
    await edge.use(table(wait(5_000)));
    const gone = exchange(port, GET);
    await eventually(() => edge.parts.waiting === 1, "a held request");
    await edge.use(table());
    expect(await gone).toContain("404 Not Found");
  });
});

describe("an app that is unavailable", () => {
  it("says what is the matter and how to go on, as JSON and as a page that runs nothing", async () => {
    const { edge, port } = await startEdge();
    const reason = `</p><script>alert(1)</script>\u001b[31m"'&`;
    await edge.use(table(target("notes", [], { action: "unavailable", state: "failed", reason })));
    const json = await exchange(port, GET);
    expect(json).toMatch(/^HTTP\/1\.1 503 /);
    expect(JSON.parse(json.slice(json.indexOf("\r\n\r\n"))).error).toMatchObject({
      code: "app-unavailable",
      hint: expect.stringContaining("gantry logs notes"),
    });
    const page = await exchange(port, get("/", "notes.localhost", `Accept: text/html,*/*\r\n${CLOSE}`));
    expect(page).toContain("&lt;script&gt;alert(1)");
    expect(page).not.toContain("<script");
    expect(page).not.toContain("\u001b");
  });

  it("keeps the connection for the next request", async () => {
    const { edge, port } = await startEdge();
    await edge.use(table(target("notes", [], { action: "unavailable", state: "stopped" })));
    const client = new RawClient(port).send(get("/", "notes.localhost"));
    await client.until((text) => text.endsWith("}\n"));
    await edge.use(table(target("notes", await okApp())));
    expect(await client.send(GET).all()).toMatch(/ok$/);
  });
});

describe("an instance that does not take connections", () => {
  it("is passed over for another", async () => {
    const { edge, port } = await startEdge();
    await edge.use(table(target("notes", [await deadPort(), await okApp()])));
    for (let count = 0; count < 4; count++) expect(await exchange(port, GET)).toMatch(/ok$/);
  });

  it("makes its requests wait for the table", async () => {
    const { edge, port } = await startEdge();
    await edge.use(table(target("notes", await deadPort(), { waitMs: 5_000 })));
    const answer = exchange(port, GET);
    await eventually(() => edge.parts.waiting === 1, "a held request");
    await edge.use(table(target("notes", await okApp())));
    expect(await answer).toMatch(/ok$/);
  });

  it("is tried again although the table stays the same", async () => {
    const { edge, port } = await startEdge({ retryMs: 20 });
    const dead = await deadPort();
    await edge.use(table(target("notes", dead, { waitMs: 5_000 })));
    const answer = exchange(port, GET);
    await eventually(() => edge.parts.waiting === 1, "a held request");
    await listen(
      createServer((socket) => void socket.on("data", () => socket.write(OK))),
      dead,
    );
    expect(await answer).toMatch(/ok$/);
  });

  it("ends in 502 when the time is over", async () => {
    const { edge, port } = await startEdge();
    await edge.use(table(target("notes", await deadPort(), { waitMs: 0 })));
    expect(await exchange(port, GET)).toMatch(/^HTTP\/1\.1 502 /);
  });
});

describe("a kept connection that the app closes", () => {
  /** Answers the first request of each connection and closes it when the second comes, as if it had been idle too long. */
  async function forgetfulApp(seen: string[]): Promise<number> {
    return rawApp((all, socket) => {
      const requests = all.split("\r\n\r\n").length - 1;
      if (requests > 1) socket.destroy();
      else {
        seen.push(all.split(" ", 1)[0] ?? "");
        socket.write(OK);
      }
    });
  }

  it("costs no request that can be sent again", async () => {
    const { edge, port } = await startEdge();
    const seen: string[] = [];
    await edge.use(table(target("notes", await forgetfulApp(seen))));
    for (let count = 0; count < 5; count++) expect(await exchange(port, GET)).toMatch(/ok$/);
    expect(seen).toEqual(Array(5).fill("GET"));
  });

  it("never lets a request that changes something be sent twice", async () => {
    const { edge, port } = await startEdge();
    let posts = 0;
    const app = await rawApp((all, socket) => {
      if (all.startsWith("GET") && !all.includes("POST")) socket.write(OK);
      else {
        posts++;
        socket.destroy();
      }
    });
    await edge.use(table(target("notes", app)));
    expect(await exchange(port, GET)).toMatch(/ok$/);
    const post = `POST / HTTP/1.1\r\nHost: notes.localhost\r\n${CLOSE}Content-Length: 4\r\n\r\nbody`;
    expect(await exchange(port, post)).toMatch(/^HTTP\/1\.1 502 /);
    expect(posts).toBe(1);
  });

  it("is not used once the app has ended it or it was idle for long", async () => {
    const { edge, port } = await startEdge({ upstreamIdleMs: 100 });
    const sockets: Socket[] = [];
    let closed = 0;
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on("data", () => socket.write(OK));
      socket.on("close", () => closed++);
    });
    await edge.use(table(target("notes", await listen(server))));
    await exchange(port, GET);
    sockets[0]?.end();
    await eventually(() => closed === 1, "the edge's end of the connection");
    const post = `POST / HTTP/1.1\r\nHost: notes.localhost\r\n${CLOSE}\r\n`;
    expect(await exchange(port, post)).toMatch(/ok$/);
    await sleep(150);
    expect(await exchange(port, post)).toMatch(/ok$/);
    expect(sockets.length).toBe(3);
    await eventually(() => closed === 3, "the end of all idle connections");
  });
});

describe("an app that answers nothing", () => {
  it("costs 504 after the limit, and its connection", async () => {
    const { edge, port } = await startEdge({ firstByteMs: 100 });
    let closed = false;
    const app = await listen(
      createServer((socket) => {
        socket.resume();
        socket.on("close", () => {
          closed = true;
        });
      }),
    );
    atEnd(() => undefined);
    await edge.use(table(target("notes", app)));
    expect(await exchange(port, GET)).toMatch(/^HTTP\/1\.1 504 /);
    await eventually(() => closed, "the end of the app's connection");
  });
});
