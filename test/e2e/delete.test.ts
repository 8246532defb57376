// Deleting an app: the folder stays, the name gets free, and until it is purged it can come back as it was.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { AppView } from "../../src/domain/app-view.ts";
import type { LogLine } from "../../src/domain/log-line.ts";
import { inState, shellApp } from "../helpers/apps.ts";
import { serve } from "../helpers/daemon.ts";
import { FIXTURES, type Gantry } from "../helpers/gantry.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { until } from "../helpers/until.ts";

async function addAndRun(gantry: Gantry, name: string): Promise<string> {
  const made = await gantry.api("POST", "/api/apps", { ...shellApp(), name });
  const { id } = made.json<{ app: AppView }>().app;
  await gantry.api("POST", `/api/apps/${name}/start`, {});
  await inState(gantry, name, "running");
  return id;
}

const logOf = async (gantry: Gantry, name: string): Promise<string> =>
  (await gantry.cli(["logs", name])).stdout;

test("a deleted app's name is free, its logs are its own, and it comes back", async () => {
  const gantry = await startGantry();
  await serve(gantry);
  const first = await addAndRun(gantry, "twin");
  await until("some output", async () => (await logOf(gantry, "twin")).split("\n").length > 3);
  expect((await gantry.api("DELETE", "/api/apps/twin")).status).toBe(409);
  expect((await gantry.api("DELETE", "/api/apps/twin?force=true")).status).toBeLessThan(300);
  expect((await gantry.api("GET", "/api/apps/twin")).status).toBe(404);
  expect(gantry.processes().filter(({ command }) => command.includes("count.sh"))).toEqual([]);

  await addAndRun(gantry, "twin");
  const lines = (await gantry.api("GET", "/api/logs?app=twin")).text.trim().split("\n");
  expect(new Set(lines.map((line) => (JSON.parse(line) as LogLine).instanceId)).size).toBe(1);
  expect((await gantry.api("POST", `/api/apps/${first}/undelete`)).status).toBe(409);

  await gantry.api("DELETE", "/api/apps/twin?force=true&purge=true");
  expect((await gantry.api("POST", `/api/apps/${first}/undelete`)).status).toBe(200);
  expect((await gantry.app("twin")).id).toBe(first);
  expect((await gantry.app("twin")).state).toBe("stopped");
  expect(await logOf(gantry, "twin")).not.toBe("");

  // By its name as well, once nothing else has that name.
  const gone = await gantry.cli(["unregister", "twin"]);
  expect([gone.code, gone.stderr]).toEqual([
    0,
    expect.stringContaining("gantry undelete twin brings it back"),
  ]);
  const back = await gantry.cli(["undelete", "twin", "--json"]);
  expect(back.json<{ app: AppView }>().app).toMatchObject({ id: first, state: "stopped" });
  expect((await gantry.cli(["undelete", "never"])).code).toBe(3);
});

test("a purge leaves nothing of the app but its folder", async () => {
  const gantry = await startGantry();
  await serve(gantry);
  const id = await addAndRun(gantry, "gone");
  await gantry.api("DELETE", "/api/apps/gone?force=true");
  await gantry.api("DELETE", `/api/apps/${id}?purge=true`);
  expect((await gantry.api("POST", `/api/apps/${id}/undelete`)).status).toBe(404);
  for (const name of ["gone", id]) expect(existsSync(join(gantry.home, "apps", name))).toBe(false);
  expect(existsSync(join(FIXTURES, "shell"))).toBe(true);
});
