// Promise 16: restarts, of apps that know nothing of it, lose no request.
import { expect, test } from "vitest";
import { inState, nodeApp, pythonApp } from "../helpers/apps.ts";
import { startLoad } from "../helpers/load.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { pause } from "../helpers/until.ts";

test.for([
  { language: "python", app: pythonApp },
  { language: "node", app: nodeApp },
])("no request fails in restarts of a $language app, on kept and on new connections", async ({ app }) => {
  const gantry = await startGantry();
  await gantry.up({ web: app({ env: { PER_SECOND: "0" } }) });
  const loads = [true, false].map((keepAlive) => startLoad(gantry.at("web"), { perSecond: 100, keepAlive }));
  const pids = new Set<number | null>();
  for (let round = 0; round < 5; round++) {
    pids.add((await gantry.app("web")).pid);
    const restart = await gantry.cli(["restart", "web", "--json"]);
    expect(restart.code, restart.stderr).toBe(0);
    await pause(200);
  }
  for (const load of loads) {
    const { failures, answers } = await load.end();
    expect(failures).toEqual([]);
    const seen = new Set(answers.map((answer) => answer.json<{ pid: number }>().pid));
    expect(seen.size).toBeGreaterThanOrEqual(5);
  }
  expect(pids.size).toBe(5);
});

test("answers only move forward from the old version to the new one", async () => {
  const gantry = await startGantry();
  await gantry.up({ web: nodeApp({ env: { VERSION: "1", PER_SECOND: "0" } }) });
  const load = startLoad(gantry.at("web"), { perSecond: 100, keepAlive: true });
  for (const version of ["2", "3", "4"]) {
    await gantry.up({ web: nodeApp({ env: { VERSION: version, PER_SECOND: "0" } }) });
    await gantry.cli(["restart", "web"]);
  }
  await pause(200);
  const { failures, answers } = await load.end();
  expect(failures).toEqual([]);
  const versions = answers.map((answer) => Number(answer.json<{ version: string }>().version));
  expect(versions.at(-1)).toBe(4);
  expect(new Set(versions).size).toBeGreaterThanOrEqual(3);
});

test("a stop-first app (fixed port) holds requests while it changes over", async () => {
  const gantry = await startGantry();
  await gantry.up({ web: pythonApp({ port: gantry.ports.range.last, env: { PER_SECOND: "0" } }) });
  const load = startLoad(gantry.at("web"), { perSecond: 50, keepAlive: false });
  for (let round = 0; round < 3; round++) {
    await gantry.cli(["restart", "web"]);
    await pause(200);
  }
  await inState(gantry, "web", "running");
  expect((await load.end()).failures).toEqual([]);
});
