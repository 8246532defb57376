// Promise 1: kill -9 of the daemon costs nothing.
import { expect, test } from "vitest";
import { inState, nodeApp, processesOfApp, pythonApp, shellApp } from "../helpers/apps.ts";
import { killDaemon } from "../helpers/daemon.ts";
import { startLoad } from "../helpers/load.ts";
import { signal } from "../helpers/processes.ts";
import { sequenceFaults } from "../helpers/sequence.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { pause, until } from "../helpers/until.ts";

test("apps keep their processes, requests and log lines when the daemon is killed under load", async () => {
  const gantry = await startGantry();
  const before = await gantry.up({ py: pythonApp(), js: nodeApp(), sh: shellApp() });
  const loads = [
    startLoad(gantry.at("py"), { perSecond: 50, keepAlive: true }),
    startLoad(gantry.at("js"), { perSecond: 50, keepAlive: false }),
  ];
  for (let round = 0; round < 4; round++) {
    await pause(100 + Math.random() * 1000);
    await killDaemon(gantry);
  }
  const results = await Promise.all(loads.map((load) => load.end()));
  for (const { failures, sent } of results) {
    expect(failures).toEqual([]);
    expect(sent).toBeGreaterThan(50);
  }
  for (const { name, pid } of before) {
    const app = await inState(gantry, name, "running");
    expect(app.pid).toBe(pid);
    expect(app.restarts).toBe(0);
    const lines = await gantry.logs(name);
    expect(lines.length).toBeGreaterThan(50);
    expect(sequenceFaults(lines)).toEqual([]);
  }
});

test("a daemon killed in the middle of a restart leaves one app, not two and not none", async () => {
  const gantry = await startGantry();
  await gantry.up({ py: pythonApp() });
  const load = startLoad(gantry.at("py"), { perSecond: 50, keepAlive: false });
  for (let round = 0; round < 5; round++) {
    const restart = gantry.cli(["restart", "py", "--json"]);
    await pause(100 + Math.random() * 500);
    await killDaemon(gantry);
    await restart;
    await until("one process to be left", async () => {
      const own = processesOfApp(gantry, "py").filter((each) => /^\S*python3 server.py$/.test(each.command));
      const app = await gantry.app("py");
      return own.length === 1 && app.state === "running" && app.pid === own[0]?.pid;
    });
  }
  expect((await load.end()).failures).toEqual([]);
});

test("an app that is killed together with the daemon is started again", async () => {
  const gantry = await startGantry();
  const [app] = await gantry.up({ js: nodeApp() });
  const daemon = await gantry.daemonPid();
  for (const pid of [daemon, app?.pid ?? 0]) signal(pid, "SIGKILL");
  await pause(300);
  const next = await inState(gantry, "js", "running");
  expect(next.pid).not.toBe(app?.pid);
  expect(next.restarts).toBe(1);
});
