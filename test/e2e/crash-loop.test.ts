// Promise 9: the first restart is at once, crash loops back off, and nobody else notices.
import { expect, test } from "vitest";
import type { AppView } from "../../src/domain/app-view.ts";
import { inState, nodeApp, pythonApp } from "../helpers/apps.ts";
import { killDaemon } from "../helpers/daemon.ts";
import { startLoad } from "../helpers/load.ts";
import { signal } from "../helpers/processes.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { pause, until } from "../helpers/until.ts";

test("an app that is killed is back at once, with the reason and its last output", async () => {
  const gantry = await startGantry();
  const [app] = await gantry.up({ js: nodeApp() });
  await pause(1500);
  signal(app?.pid ?? 0, "SIGKILL");
  const next = await until("the successor", async () => {
    const now = await gantry.app("js");
    return now.state === "running" && now.pid !== app?.pid && now;
  });
  expect(next.restarts).toBe(1);
  const first = next.instances.find((instance) => instance.pid === app?.pid || instance.exit !== null);
  expect(first?.exit?.signal).toBe("KILL");
  const lines = await gantry.logs("js");
  expect(lines.some((line) => line.endsWith(`of ${app?.pid}`))).toBe(true);
  expect((await gantry.cli(["status", "js"])).stdout).toMatch(/KILL/);
});

test("30 apps that exit at once disturb nobody, and their count survives the daemon", async () => {
  const gantry = await startGantry();
  await gantry.up({ py: pythonApp() });
  const pid = (await gantry.app("py")).pid;
  const names = Array.from({ length: 30 }, (_, i) => `bad-${i}`);
  for (const name of names)
    await gantry.api("POST", "/api/apps", {
      name,
      path: gantry.folder,
      run: "false",
      port: "none",
      restart: { max: 50 },
    });
  const load = startLoad(gantry.at("py"), { perSecond: 50, keepAlive: false });
  await gantry.api("POST", "/api/apps/start-all", {});
  const bad = async () => {
    const { apps } = (await gantry.api("GET", "/api/apps?limit=1000")).json<{ apps: AppView[] }>();
    return apps.filter(({ name }) => name.startsWith("bad-"));
  };
  const before = await until("each of them to crash thrice", async () => {
    const apps = await bad();
    return apps.every(({ state, restarts }) => state === "backing-off" && restarts >= 3) && apps;
  });
  expect(before).toHaveLength(30);
  await killDaemon(gantry);
  const after = new Map((await bad()).map((app) => [app.name, app.restarts]));
  for (const { name, restarts } of before) expect(after.get(name)).toBeGreaterThanOrEqual(restarts);
  const { nextTryAt } = await inState(gantry, "bad-0", "backing-off");
  expect(nextTryAt).not.toBeNull();
  expect((await load.end()).failures).toEqual([]);
  expect(await gantry.app("py")).toMatchObject({ pid, restarts: 0, state: "running" });
});

test("an app that never gets up is given up, with its exit code and last lines", async () => {
  const gantry = await startGantry();
  const up = await gantry.cli([
    "register",
    "--name",
    "bad",
    "--run",
    "ls /nowhere-at-all",
    "--port",
    "none",
    "--json",
  ]);
  expect(up.code, up.stderr).toBe(0);
  expect((await gantry.cli(["config", "bad", "restart.max=2"])).code).toBe(0);
  expect((await gantry.cli(["start", "bad"], { timeoutMs: 40_000 })).code).toBe(1);
  const app = await inState(gantry, "bad", "failed");
  expect(app.reason).toMatch(/2/);
  expect(app.lastLines.join("\n")).toContain("nowhere-at-all");
});
