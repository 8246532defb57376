// Route changes under load: no request fails, and what is drained is drained.
import { Agent, createServer, request } from "node:http";
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
  sleep,
  startEdge,
  table,
  target,
} from "./edge-test-kit.ts";

afterEach(async () => {
  await endAll();
  expect(edgeLog.splice(0)).toEqual([]);
});

interface Load {
  stop(): Promise<void>;
  answers: string[];
  failures: string[];
}

/** Asks again and again, with kept and with new connections, until it is stopped. */
function load(port: number, workers: number): Load {
  const agents = [new Agent({ keepAlive: true }), new Agent({ keepAlive: false })];
  const answers: string[] = [];
  const failures: string[] = [];
  let stopping = false;
  const ask = (agent: Agent | undefined): Promise<void> =>
    new Promise((resolve) => {
      const asked = request(
        { port, host: "127.0.0.1", agent, headers: { host: "notes.localhost" } },
        (answer) => {
          let body = "";
          answer.on("data", (bytes) => {
            body += bytes;
          });
          answer.on("error", (error) => failures.push(error.message));
          answer.on("close", () => {
            (answer.statusCode === 200 ? answers : failures).push(
              answer.statusCode === 200 ? body : `${answer.statusCode} ${body}`,
            );
            resolve();
          });
        },
      );
      asked.on("error", (error) => {
        failures.push(error.message);
        resolve();
      });
      asked.end();
    });
  const work = async (agent: Agent | undefined): Promise<void> => {
    while (!stopping) await ask(agent);
  };
  const working = Array.from({ length: workers }, (_, index) => work(agents[index % 2]));
  return {
    answers,
    failures,
    async stop() {
      stopping = true;
      await Promise.all(working);
      for (const agent of agents) agent.destroy();
    },
  };
}

/** An app that knows nothing of Gantry: on its end it closes its port and idle connections, as node and uvicorn do. */
async function ordinaryApp(version: number): Promise<{ port: number; end(): void }> {
  const server = createServer((_request, response) => {
    setTimeout(() => response.end(`v${version}`), 1);
  });
  const port = await listen(server);
  return {
    port,
    end() {
      server.close();
      server.closeIdleConnections();
    },
  };
}

describe("under load", () => {
  it("1,000 table changes fail no request", async () => {
    const { edge, port } = await startEdge();
    const apps = await Promise.all([ordinaryApp(0), ordinaryApp(1), ordinaryApp(2)]);
    const use = (change: number) => {
      const ports = apps.filter((_, index) => index !== change % 3).map((app) => app.port);
      if (change % 10 === 0) return edge.use(table(target("notes", [], { action: "wait", waitMs: 5_000 })));
      return edge.use(table(target("notes", ports), target("other", [])));
    };
    await use(1);
    const running = load(port, 16);
    for (let change = 1; change <= 1_000; change++) {
      await use(change);
      if (change % 2 === 0) await sleep(1);
    }
    await use(1_001);
    await running.stop();
    expect(running.failures).toEqual([]);
    expect(running.answers.length).toBeGreaterThan(300);
  });

  it("40 restarts, start-first and stop-first, fail no request", async () => {
    const { edge, port } = await startEdge();
    let app = await ordinaryApp(0);
    await edge.use(table(target("notes", app.port)));
    const running = load(port, 16);
    await eventually(() => running.answers.length > 0, "the first answer");
    for (let version = 1; version <= 40; version++) {
      const old = app;
      if (version % 2 === 0) await edge.use(table(target("notes", [], { action: "wait", waitMs: 5_000 })));
      else {
        app = await ordinaryApp(version);
        await edge.use(table(target("notes", app.port)));
      }
      await new Promise<void>((resolve) => edge.parts.routes.whenDrained(`notes-${old.port}`, resolve));
      old.end();
      if (version % 2 === 0) {
        app = await ordinaryApp(version);
        await edge.use(table(target("notes", app.port)));
      }
      await eventually(() => running.answers.includes(`v${version}`), `an answer of version ${version}`);
    }
    await running.stop();
    expect(running.failures).toEqual([]);
    expect(new Set(running.answers).size).toBe(41);
  });

  it("an app that dies and comes back, unknown to the table, fails no request that can be sent again", async () => {
    const { edge, port } = await startEdge({ retryMs: 10 });
    let app = await ordinaryApp(0);
    await edge.use(table(target("notes", app.port, { waitMs: 5_000 })));
    const running = load(port, 8);
    for (let version = 1; version <= 20; version++) {
      app.end();
      await sleep(5);
      const server = createServer((_request, response) => void response.end(`v${version}`));
      await listen(server, app.port);
      app = {
        port: app.port,
        end() {
          server.close();
          server.closeIdleConnections();
        },
      };
      await sleep(20);
    }
    await running.stop();
    expect(running.failures).toEqual([]);
  });
});

describe("draining", () => {
  const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  it("waits for all requests in flight; nothing new goes there, and idle connections are closed", async () => {
    const { edge, port } = await startEdge({ upstreamIdleMs: 60_000 });
    const answers: (() => void)[] = [];
    const open = new Set<unknown>();
    let asked = 0;
    const app = await rawApp((seen, socket) => {
      asked++;
      open.add(socket);
      socket.on("close", () => open.delete(socket));
      if (seen.startsWith("GET /slow")) answers.push(() => void socket.write(OK));
      else socket.write(OK);
    });
    const other = await rawApp((_seen, socket) => void socket.write(OK));
    await edge.use(table(target("notes", app)));
    const slow = [1, 2].map(() => new RawClient(port).send(get("/slow", "notes.localhost", CLOSE)));
    await eventually(() => answers.length === 2, "two slow requests");
    await exchange(port, get("/", "notes.localhost", CLOSE));
    await edge.use(table(target("notes", other)));
    await eventually(() => open.size === 2, "the end of the idle connection");
    let drained = false;
    edge.parts.routes.whenDrained(`notes-${app}`, () => {
      drained = true;
    });
    await exchange(port, get("/", "notes.localhost", CLOSE));
    answers[0]?.();
    expect(await slow[0]?.all()).toMatch(/ok$/);
    expect([asked, drained]).toEqual([3, false]);
    answers[1]?.();
    expect(await slow[1]?.all()).toMatch(/ok$/);
    expect(drained).toBe(true);
    await eventually(() => open.size === 0, "the end of the last connections");
  });
});
