// Promise 8: no port is given twice, and nobody else's port is called running.
import { createServer, type Server } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { AppView } from "../../src/domain/app-view.ts";
import { inState, pythonApp } from "../helpers/apps.ts";
import { edgePid, serve, stopDaemon } from "../helpers/daemon.ts";
import { signal } from "../helpers/processes.ts";
import { ask } from "../helpers/request.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { until } from "../helpers/until.ts";

function steal(port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const thief = createServer((socket) => {
      // A caller that goes away with the answer unread resets the connection: that is its right.
      socket.on("error", () => undefined).resume();
      socket.end("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nthief");
    });
    onTestFinished(() => void thief.close());
    thief.on("error", reject);
    thief.listen(port, host, () => resolve(thief));
  });
}

test("a fixed port that a stranger holds is a conflict that names the stranger", async () => {
  const gantry = await startGantry();
  const port = gantry.ports.range.last;
  await steal(port, "127.0.0.1");
  await serve(gantry);
  await gantry.api("POST", "/api/apps", {
    name: "py",
    path: gantry.folder,
    run: "python3 -m http.server $PORT",
    port,
  });
  const start = await gantry.cli(["start", "py", "--json"], { timeoutMs: 40_000 });
  expect([1, 4]).toContain(start.code);
  expect(`${start.stdout}${start.stderr}`).toContain(String(process.pid));
  expect((await gantry.app("py")).state).not.toBe("running");
});

test("an app that comes back finds its automatic port stolen, and takes another one", async () => {
  const gantry = await startGantry();
  const [app] = await gantry.up({ py: pythonApp({ restart: { policy: "always", delay: "1s" } }) });
  signal(app?.pid ?? 0, "SIGSTOP");
  signal(app?.pid ?? 0, "SIGKILL");
  for (let i = 0; i < 200; i++) {
    const thief = await steal(app?.port ?? 0, "127.0.0.1").catch(() => null);
    if (thief !== null) break;
  }
  await inState(gantry, "py", "backing-off");
  // The edge holds the request until somebody may answer it, and that is not the thief.
  const answer = await ask(gantry.at("py"));
  const successor = await inState(gantry, "py", "running");
  expect(successor.port).not.toBe(app?.port);
  expect(answer.json()).toMatchObject({ pid: successor.pid });
});

test.for(["automatic", "fixed"])(
  "an app that listens on ::1 alone is served on its %s port",
  async (kind) => {
    const gantry = await startGantry();
    const port = kind === "fixed" ? { port: gantry.ports.range.last } : {};
    const run = "python3 -m http.server --bind ::1 $PORT";
    await gantry.up({ six: { path: gantry.folder, run, health: "tcp", ...port } });
    const app = await inState(gantry, "six", "running");
    expect(app.instances[0]?.address).toMatch(/^\[::1\]:\d+$/);
    expect((await ask(gantry.at("six"))).status).toBe(200);
    await gantry.cli(["restart", "six"]);
    expect((await ask(gantry.at("six"))).status).toBe(200);
  },
);

test("a stranger on the edge's port does not keep the daemon from its apps, and URLs come back when it goes", async () => {
  const gantry = await startGantry();
  await gantry.up({ py: pythonApp() });
  await stopDaemon(gantry);
  signal(edgePid(gantry) ?? 0, "SIGKILL");
  const thief = await until("the port", () => steal(gantry.ports.httpPort, "127.0.0.1").catch(() => null));
  await serve(gantry);
  const app = await inState(gantry, "py", "running");
  signal(app.pid ?? 0, "SIGKILL");
  await until("the successor", async () => {
    const now = await gantry.app("py");
    return now.state === "running" && now.pid !== app.pid;
  });
  thief.close();
  await until("the URL", async () => (await ask(gantry.at("py"))).status === 200);
});

test("100 apps created and started at once get 100 ports", async () => {
  const gantry = await startGantry();
  await serve(gantry);
  const names = Array.from({ length: 100 }, (_, i) => `app-${i}`);
  const created = await Promise.all(
    names.map((name) => gantry.api("POST", "/api/apps", { name, path: gantry.folder, run: "sleep 1000" })),
  );
  expect(new Set(created.map(({ status }) => status))).toEqual(new Set([201]));
  await gantry.api("POST", "/api/apps/start-all", {});
  const list = async () => (await gantry.api("GET", "/api/apps?limit=1000")).json<{ apps: AppView[] }>().apps;
  await until("all to run", async () => (await list()).every(({ state }) => state === "running"), 50_000);
  const ports = (await list()).map((app) => app.port);
  expect(new Set(ports).size).toBe(100);
  const { first, last } = gantry.ports.range;
  for (const port of ports) expect(port !== null && port >= first && port <= last).toBe(true);
});
