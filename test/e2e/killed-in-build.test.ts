// Promises 1 and 3: kill -9 of the daemon while it installs packages costs time, and leaves nothing half made.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inState } from "../helpers/apps.ts";
import { killDaemon } from "../helpers/daemon.ts";
import type { Gantry } from "../helpers/gantry.ts";
import { ask } from "../helpers/request.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { until } from "../helpers/until.ts";

/** What fetches or installs for this Gantry now. */
const installers = (gantry: Gantry): number[] =>
  gantry
    .processes()
    .filter(({ command }) => /fetch_uv|-m (pip|venv)|\/uv (venv|pip)/.test(command))
    .map(({ pid }) => pid);

test("the installers end with the daemon, the next one begins anew, and no half of anything is left", async () => {
  const gantry = await startGantry();
  const folder = join(gantry.folder, "shop");
  mkdirSync(folder);
  writeFileSync(join(folder, "requirements.txt"), "fastapi\n");
  writeFileSync(
    join(folder, "main.py"),
    'from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get("/")\ndef root():\n    return "hello"\n',
  );
  const up = gantry.cli(["up", "shop"]);
  for (let round = 0; round < 3; round++) {
    const killed = await until("an installer", () => {
      const pids = installers(gantry);
      return pids.length > 0 && pids;
    });
    await killDaemon(gantry);
    await until("the installers to end", () => installers(gantry).every((pid) => !killed.includes(pid)));
  }
  await up;
  await inState(gantry, "shop", "running", 120_000);
  expect((await ask(gantry.at("shop"))).text).toBe('"hello"');
  expect(readdirSync(join(gantry.home, "tools")).filter((name) => name.startsWith("."))).toEqual([]);
  const environments = readdirSync(join(gantry.home, "envs"));
  expect(environments).toHaveLength(1);
  expect(readdirSync(join(gantry.home, "envs", environments[0] ?? ""))).toContain(".complete");
});
