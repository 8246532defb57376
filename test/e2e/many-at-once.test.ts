// Promise 20: one daemon per home, and many command lines at once lose nothing.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { AppView } from "../../src/domain/app-view.ts";
import { serve } from "../helpers/daemon.ts";
import { startGantry } from "../helpers/start-gantry.ts";

test("of ten daemons one stays, and the others say why not", async () => {
  const gantry = await startGantry();
  const pid = await serve(gantry);
  const others = await Promise.all(
    Array.from({ length: 10 }, () => gantry.cli(["serve"], { timeoutMs: 50_000 })),
  );
  for (const { code, stderr } of others) {
    expect(code).toBe(5);
    expect(stderr).toContain(gantry.home);
  }
  expect(await gantry.daemonPid()).toBe(pid);
});

test("ten `up`s at once without a daemon start one, and register everything", async () => {
  const gantry = await startGantry();
  const folders = Array.from({ length: 10 }, (_, i) => join(gantry.folder, `site-${i}`));
  for (const folder of folders) mkdirSync(folder);
  const ups = await Promise.all(
    folders.map((cwd) => gantry.cli(["register", cwd, "--run", "sleep 100", "--json"])),
  );
  for (const { code, stderr } of ups) expect(code, stderr).toBe(0);
  const daemons = gantry
    .processes()
    .filter(({ command }) => /daemon\.js/.test(command) && !command.includes("sh -c"));
  expect(new Set(daemons.map(({ pid }) => pid)).size).toBe(1);
  const list = (await gantry.cli(["ls", "--json"])).json<AppView[] | { apps: AppView[] }>();
  expect(Array.isArray(list) ? list : list.apps).toHaveLength(10);
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
