// Promise 2: what happened while the daemon was away is found out, and strangers are left in peace.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { inState, nodeApp, processesOfApp, pythonApp } from "../helpers/apps.ts";
import { serve, stopDaemon } from "../helpers/daemon.ts";
import { isAlive, signal } from "../helpers/processes.ts";
import { ask } from "../helpers/request.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { pause, until } from "../helpers/until.ts";

test("without the daemon apps and their addresses go on; those that ended get their policy once", async () => {
  const gantry = await startGantry();
  const [stays, dies, never] = await gantry.up({
    stays: pythonApp(),
    dies: nodeApp(),
    never: nodeApp({ restart: { policy: "never" } }),
  });
  await stopDaemon(gantry);
  for (const app of [dies, never]) signal(app?.pid ?? 0, "SIGKILL");
  expect((await ask(gantry.at("stays"))).status).toBe(200);
  await serve(gantry);
  const again = await inState(gantry, "dies", "running");
  expect(again.restarts).toBe(1);
  expect((await inState(gantry, "stays", "running")).pid).toBe(stays?.pid);
  expect(["failed", "stopped"]).toContain((await gantry.app("never")).state);
  expect(processesOfApp(gantry, "never")).toEqual([]);
});

test("a stored PID that now belongs to a bystander is neither adopted nor signalled", async () => {
  const gantry = await startGantry();
  const [app] = await gantry.up({ py: pythonApp() });
  await stopDaemon(gantry);
  signal(app?.pid ?? 0, "SIGKILL");
  await until("the app to end", () => !isAlive(app?.pid ?? 0));
  const bystander = spawn("sleep", ["1000"], { stdio: "ignore" });
  onTestFinished(() => void bystander.kill("SIGKILL"));
  const changed = pointHandlesAt(join(gantry.home, "gantry.db"), app?.id ?? "", bystander.pid ?? 0);
  expect(changed).toBeGreaterThan(0);
  await serve(gantry);
  const next = await inState(gantry, "py", "running");
  expect(next.pid).not.toBe(bystander.pid);
  await gantry.cli(["stop", "py"]);
  await pause(200);
  expect(isAlive(bystander.pid ?? 0)).toBe(true);
});

/** Rewrites each stored handle of the app as if its instances had had this PID. Returns how many there were. */
function pointHandlesAt(file: string, appId: string, pid: number): number {
  const db = new DatabaseSync(file);
  try {
    return Number(
      db
        .prepare(
          "UPDATE instances SET doc = json_set(doc, '$.handle.pid', ?) WHERE app_id = ? AND doc ->> '$.handle.pid' > 0",
        )
        .run(pid, appId).changes,
    );
  } finally {
    db.close();
  }
}
