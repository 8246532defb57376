// Promise 20: one daemon per home, and many command lines at once lose nothing.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { AppView } from "../../src/domain/app-view.ts";
import { serve } from "../helpers/daemon.ts";
import type { Gantry } from "../helpers/gantry.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { pause, until } from "../helpers/until.ts";

test("of ten daemons one stays, and the others say why not", async () => {
  const gantry = await startGantry();
  const pid = await serve(gantry);
  const others = await Promise.all(
    Array.from({ length: 10 }, () => gantry.cli(["serve"], { timeoutMs: 50_000 })),
  );
  for (const { code, stderr } of others) {
    expect(code).toBe(4);
    expect(stderr).toContain(gantry.home);
  }
  expect(await gantry.daemonPid()).toBe(pid);
});

/** Command lines that all find no daemon. Each registers a folder of its own. */
async function registerAtOnce(gantry: Gantry, count: number): Promise<void> {
  const folders = Array.from({ length: count }, (_, i) => join(gantry.folder, `site-${i}`));
  for (const folder of folders) mkdirSync(folder);
  const results = await Promise.all(
    folders.map((folder) => gantry.cli(["register", folder, "--run", "sleep 100", "--json"])),
  );
  for (const { code, stderr } of results) expect(code, stderr).toBe(0);
}

const daemonsOf = (gantry: Gantry): number =>
  gantry.processes().filter(({ command }) => /^\S*node .*\S*daemon\.js --kept/.test(command)).length;

test("ten command lines at once start one daemon, and register everything", async () => {
  const gantry = await startGantry();
  await registerAtOnce(gantry, 10);
  await until("the other daemons to end", () => daemonsOf(gantry) === 1);
  const list = (await gantry.cli(["ls", "--json"])).json<AppView[] | { apps: AppView[] }>();
  expect(Array.isArray(list) ? list : list.apps).toHaveLength(10);
});

test("`down --all` right after such a start is final: no late daemon takes over", async () => {
  const gantry = await startGantry();
  await registerAtOnce(gantry, 6);
  expect((await gantry.cli(["down", "--all", "--yes"])).code).toBe(0);
  await pause(3000);
  expect(gantry.processes()).toEqual([]);
});

test("adds from many clients are all kept, also over a restart of the daemon", async () => {
  const gantry = await startGantry();
  await serve(gantry);
  const body = { path: gantry.folder, run: "sleep 1000" };
  const clients = Array.from({ length: 20 }, async (_, client) => {
    for (let i = 0; i < 25; i++) {
      const { status } = await gantry.api("POST", "/api/apps", { ...body, name: `a-${client}-${i}` });
      expect(status).toBe(201);
    }
  });
  await Promise.all(clients);
  const count = async () => {
    const list = (await gantry.cli(["ls", "--json"])).json<AppView[] | { apps: AppView[] }>();
    return (Array.isArray(list) ? list : list.apps).length;
  };
  expect(await count()).toBe(500);
  await gantry.cli(["down", "--all", "--yes"]);
  await serve(gantry);
  expect(await count()).toBe(500);
});
