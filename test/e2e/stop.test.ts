// Promises 6 and 10: stop ends everything, in time, whatever the app does and whenever it is asked.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inState, nodeApp, processesOfApp, pythonApp } from "../helpers/apps.ts";
import { serve } from "../helpers/daemon.ts";
import { isFree } from "../helpers/port-block.ts";
import { allProcesses, signal } from "../helpers/processes.ts";
import { ask } from "../helpers/request.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { pause, until } from "../helpers/until.ts";

const BREEDER = `
trap '' TERM
setsid sh -c 'trap "" TERM HUP; sleep 86391 & sleep 86392' &
nohup sleep 86393 >/dev/null 2>&1 &
( ( sleep 86394 & ) & )
(cd / && setsid setsid sleep 86395 &)
while :; do sleep 86396 & sleep 0.1; kill $! 2>/dev/null; done
`;

const sleepers = () => allProcesses().filter(({ command }) => /^sleep 8639\d$/.test(command));

test("leaves no process behind, and the port is free", async () => {
  const gantry = await startGantry();
  writeFileSync(join(gantry.folder, "breed.sh"), BREEDER);
  const [, py] = await gantry.up({
    breeder: { run: "sh breed.sh", port: "none", stop: { timeout: "500ms" } },
    py: pythonApp({ env: { IGNORE_TERM: "1" }, stop: { timeout: "500ms" } }),
  });
  await until("the breeder to breed", () => sleepers().length >= 5);
  const stop = await gantry.cli(["stop", "breeder", "py", "--json"]);
  expect(stop.code, stop.stderr).toBe(0);
  expect(sleepers()).toEqual([]);
  expect(processesOfApp(gantry, "breeder")).toEqual([]);
  expect(processesOfApp(gantry, "py")).toEqual([]);
  expect(await isFree(py?.port ?? 0)).toBe(true);
  expect((await gantry.app("py")).state).toBe("stopped");
});

test("ends an app that is itself stopped (SIGSTOP)", async () => {
  const gantry = await startGantry();
  const [app] = await gantry.up({ js: nodeApp({ stop: { timeout: "500ms" } }) });
  signal(app?.pid ?? 0, "SIGSTOP");
  expect((await gantry.cli(["stop", "js"], { timeoutMs: 20_000 })).code).toBe(0);
  expect(processesOfApp(gantry, "js")).toEqual([]);
});

test("works while the app is still starting", async () => {
  const gantry = await startGantry();
  writeFileSync(
    join(gantry.folder, "gantry.yaml"),
    JSON.stringify({ apps: { slow: pythonApp({ env: { START_MS: "60000" } }) } }),
  );
  const up = gantry.cli(["up", "--json"]);
  await until("the app to start", () => processesOfApp(gantry, "slow").length > 0);
  expect((await gantry.cli(["stop", "slow"], { timeoutMs: 20_000 })).code).toBe(0);
  expect(processesOfApp(gantry, "slow")).toEqual([]);
  expect((await gantry.app("slow")).state).toBe("stopped");
  expect((await up).code).toBe(1);
});

test("works while the app waits for its next try", async () => {
  const gantry = await startGantry({ env: { GANTRY_RESTART_DELAY_MS: "2000" } });
  await gantry.cli(["register", "--name", "bad", "--run", "false", "--port", "none", "--json"]);
  await gantry.cli(["start", "bad"], { timeoutMs: 20_000 });
  await inState(gantry, "bad", "backing-off");
  expect((await gantry.cli(["stop", "bad"], { timeoutMs: 20_000 })).code).toBe(0);
  expect((await gantry.app("bad")).state).toBe("stopped");
  await pause(3000);
  expect((await gantry.app("bad")).state).toBe("stopped");
});

test("is final for apps that are still being built", async () => {
  const gantry = await startGantry();
  await serve(gantry);
  const names = Array.from({ length: 30 }, (_, i) => `app-${i}`);
  const app = { path: gantry.folder, run: "sleep 1000", port: "none" };
  await Promise.all(names.map((name) => gantry.api("POST", "/api/apps", { ...app, name })));
  await gantry.api("POST", "/api/apps/start-all", {});
  await until("the first to run", async () => (await gantry.app("app-0")).state === "running");
  expect((await gantry.cli(["stop", "--all"], { timeoutMs: 20_000 })).code).toBe(0);
  await pause(1000);
  expect(gantry.processes().filter(({ command }) => command.endsWith("sleep 1000"))).toEqual([]);
});

test("a request that takes longer than the time-out does not hold up a stop", async () => {
  const gantry = await startGantry();
  await gantry.up({ py: pythonApp({ stop: { timeout: "2s" } }) });
  const request = ask(gantry.at("py", "/slow?ms=60000")).catch((error: unknown) => error);
  await pause(500);
  expect((await gantry.cli(["stop", "py"], { timeoutMs: 20_000 })).code).toBe(0);
  expect((await gantry.app("py")).state).toBe("stopped");
  await request;
});
