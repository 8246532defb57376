// Promises 21 and 22: a locked database delays only writes; a broken one is replaced by its last good copy, and that is said.
import { closeSync, openSync, readdirSync, readFileSync, statSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { inState, nodeApp } from "../helpers/apps.ts";
import { edgePid, serve, stopDaemon } from "../helpers/daemon.ts";
import { signal } from "../helpers/processes.ts";
import { ask } from "../helpers/request.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { until } from "../helpers/until.ts";

test("a locked database answers writes with 503 and goes on reading and supervising", async () => {
  const gantry = await startGantry();
  const [app] = await gantry.up({ js: nodeApp() });
  const db = new DatabaseSync(join(gantry.home, "gantry.db"));
  onTestFinished(() => {
    if (db.isOpen) db.close();
  });
  db.exec("BEGIN EXCLUSIVE");
  const body = { name: "late", path: gantry.folder, run: "sleep 1000" };
  const refused = await gantry.api("POST", "/api/apps", body);
  expect(refused.status).toBe(503);
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  expect((await gantry.api("GET", "/api/apps")).status).toBe(200);
  signal(app?.pid ?? 0, "SIGKILL");
  await until("the successor", async () => {
    const now = await gantry.app("js");
    return now.state === "running" && now.pid !== app?.pid;
  });
  expect((await ask(gantry.at("js"))).status).toBe(200);
  db.exec("COMMIT");
  await until(
    "writes to work again",
    async () => (await gantry.api("POST", "/api/apps", body)).status === 201,
  );
});

test.for([
  { how: "zeros in the middle", damage: zeros },
  { how: "cut in half", damage: cut },
  { how: "replaced by text", damage: (file: string) => writeFileSync(file, "not a database ".repeat(1000)) },
])("a database with $how is kept aside, and the last good copy is used", async ({ damage }) => {
  const gantry = await startGantry();
  const [app] = await gantry.up({ js: nodeApp() });
  await stopDaemon(gantry);
  const file = join(gantry.home, "gantry.db");
  damage(file);
  const broken = readFileSync(file);
  await serve(gantry);
  const now = await inState(gantry, "js", "running");
  expect(now.pid).toBe(app?.pid);
  const kept = readdirSync(gantry.home, { recursive: true })
    .map((name) => join(gantry.home, String(name)))
    .filter((path) => {
      // Others come and go meanwhile.
      const stats = statSync(path, { throwIfNoEntry: false });
      return path !== file && stats?.isFile() && stats.size === broken.length;
    });
  expect(kept.some((path) => readFileSync(path).equals(broken))).toBe(true);
  const events = await gantry.cli(["events", "--json"]);
  expect(events.stdout).toContain("store.restored");
});

test("apps and edge that are younger than the good copy give way to new ones", async () => {
  const gantry = await startGantry();
  await gantry.up({ js: nodeApp() });
  await stopDaemon(gantry);
  await serve(gantry);
  // Both are now other instances than those in the good copy.
  const first = edgePid(gantry);
  signal(first ?? 0, "SIGKILL");
  await until("the next edge", () => edgePid(gantry) !== undefined && edgePid(gantry) !== first);
  await gantry.cli(["restart", "js"]);
  const before = await gantry.app("js");
  signal(await gantry.daemonPid(), "SIGKILL");
  for (const suffix of ["", "-wal"])
    writeFileSync(join(gantry.home, `gantry.db${suffix}`), "not a database ".repeat(1000));
  await serve(gantry);
  const after = await until("the app and its URL", async () => {
    const now = await gantry.app("js");
    return now.state === "running" && (await ask(gantry.at("js"))).status === 200 && now;
  });
  expect(after.pid).not.toBe(before.pid);
  expect(gantry.processes().filter(({ command }) => command.endsWith("server.js"))).toHaveLength(2);
});

function zeros(file: string): void {
  const descriptor = openSync(file, "r+");
  const { size } = statSync(file);
  writeSync(descriptor, Buffer.alloc(size - 200), 0, size - 200, 100);
  closeSync(descriptor);
}

function cut(file: string): void {
  writeFileSync(file, readFileSync(file).subarray(0, statSync(file).size / 2));
}
