// Who gets a process that waits, for how long, and that none is left behind.
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { settle } from "../../test/helpers/hand-clock.ts";
import { LoopBench } from "../../test/helpers/loop-bench.ts";
import { until } from "../../test/helpers/until.ts";
import type { App, AppConfig } from "../domain/app.ts";
import type { Code } from "../domain/code.ts";
import type { EventType } from "../domain/event.ts";
import type { Launch } from "../domain/release.ts";

import { createStandbys } from "./standbys.ts";

const MINUTE = 60_000;

let bench: LoopBench;
beforeEach(async () => {
  bench = await new LoopBench().open();
});
afterEach(async () => {
  expect(bench.errors).toEqual([]);
  await bench.end();
});

const launch = (environment = "python-1", ...more: string[]): Partial<Launch> => ({
  toolchain: "python",
  framework: "fastapi",
  argv: [join(bench.home, "envs", environment, "bin/python"), "-m", "uvicorn", "main:app", ...more],
  env: { VIRTUAL_ENV: join(bench.home, "envs", environment), PATH: "/usr/bin" },
});

const KEPT: Code = { type: "tree", hash: "h", subfolder: "", bytes: 1 };

async function setCode(app: App, code: Code): Promise<void> {
  const { store } = bench.context;
  const release = store.releases.get(bench.app(app).targetReleaseId ?? "");
  if (release !== undefined) await store.write({ put: { releases: [{ ...release, code }] } });
}

/** An app that serves code which Gantry keeps. */
async function add(
  name: string,
  config: Partial<AppConfig> = {},
  change: Partial<Launch> = {},
  code = KEPT,
): Promise<App> {
  const app = await bench.add(name, { config, launch: { ...launch(), ...change } });
  await setCode(app, code);
  await bench.clock.pass(1_000);
  return app;
}

async function tell(app: App, type: EventType): Promise<void> {
  await bench.context.store.record({ events: [{ type, appId: app.id, actor: "test", message: type }] });
  await settle();
}

/** Ids of what waits, oldest first. */
const waiting = (): string[] => {
  const used = new Set([...bench.context.store.instances.all()].map((row) => row.id));
  const alive = new Set(bench.engine.running());
  return bench.engine.prepared
    .map(({ instanceId }) => instanceId)
    .filter((id) => alive.has(id) && !used.has(id));
};
const ofApps = (): (string | undefined)[] =>
  waiting().map((id) => bench.engine.prepared.find((order) => order.instanceId === id)?.env.GANTRY_APP);
const soon = (count: number): Promise<unknown> =>
  until(`${count} that wait`, async () => {
    await settle();
    return waiting().length === count;
  });
/** Long enough for files to be written. */
const never = async (): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(waiting()).toEqual([]);
};

/** A deploy of other code, as the loop sees it. */
async function deploy(app: App, change: Partial<Launch> = {}): Promise<string> {
  await bench.release(app, { ...launch(), ...change });
  await setCode(app, KEPT);
  await settle();
  return bench.running(app).at(-1) ?? "";
}

describe("a process that waits", () => {
  it("is there after a saved draft, and becomes the next instance", async () => {
    const app = await add("a", { env: { SECRETIVE: "x" } });
    await never();
    await tell(app, "draft.saved");
    await soon(1);
    const [id] = waiting();
    const [order] = bench.engine.prepared;
    expect(order).toMatchObject({
      argv: [...(launch().argv ?? []).slice(0, 3)],
      cwd: "/",
      env: { GANTRY_APP: "a", PYTHONPATH: expect.stringContaining(join(bench.home, "tools/warm-")) },
    });
    expect(order?.env).not.toHaveProperty("SECRETIVE");
    expect(bench.running(app)).not.toContain(id);
    expect(await deploy(app)).toBe(id);
    expect(bench.engine.started.at(-1)).toMatchObject({
      instanceId: id,
      argv: launch().argv,
      env: { SECRETIVE: "x" },
    });
  });

  it("is followed by the next one when the deploy is over, and takes crashes and restarts, too", async () => {
    const app = await add("a");
    await tell(app, "deployment.started");
    await soon(1);
    await deploy(app);
    await tell(app, "deployment.finished");
    await bench.clock.pass(1_000);
    await soon(1);
    const [id] = waiting();
    bench.engine.end(bench.running(app)[0] ?? "", { code: 1, signal: null });
    await settle();
    expect(bench.running(app)).toContain(id);
  });

  it("is not used for another environment, and one for that follows", async () => {
    const app = await add("a");
    await tell(app, "draft.saved");
    await soon(1);
    const [old] = waiting();
    const id = await deploy(app, launch("python-2"));
    expect(id).not.toBe(old);
    expect(bench.engine.running()).not.toContain(old);
    await tell(app, "deployment.finished");
    await bench.clock.pass(1_000);
    await soon(1);
    expect(bench.engine.prepared.at(-1)?.argv[0]).toContain("python-2");
  });

  it("ends after ten minutes in which nothing was deployed or saved", async () => {
    const app = await add("a");
    await tell(app, "draft.saved");
    await soon(1);
    await bench.clock.pass(9 * MINUTE);
    await tell(app, "draft.saved");
    await bench.clock.pass(9 * MINUTE);
    expect(waiting()).toHaveLength(1);
    await bench.clock.pass(MINUTE);
    await soon(0);
  });

  it.each<[string, EventType, Partial<App>]>([
    ["stopped", "app.stopped", { wanted: false }],
    ["disabled", "app.disabled", { enabled: false }],
    ["deleted", "app.deleted", { wanted: false, deletedAt: 1 }],
  ])("ends when its app is %s", async (_, type, change) => {
    const app = await add("a");
    await tell(app, "draft.saved");
    await soon(1);
    await bench.change(app, change);
    await tell(app, type);
    await soon(0);
  });

  it("ends when its owner wants none, and when the daemon ends", async () => {
    const app = await add("a");
    const other = await add("b");
    for (const one of [app, other]) await tell(one, "draft.saved");
    await soon(2);
    await bench.change(app, { config: { ...bench.app(app).config, warm: false } });
    await tell(app, "app.updated");
    await soon(1);
    await bench.context.reconciler.close();
    await soon(0);
  });

  it("is not kept, nor made, while memory is short", async () => {
    const app = await add("a");
    await bench.context.reconciler.close();
    let free = 0.5;
    const standbys = createStandbys(
      () => bench.context,
      () => free,
    );
    standbys.open();
    await tell(app, "draft.saved");
    await soon(1);
    free = 0.1;
    await bench.clock.pass(MINUTE);
    await soon(0);
    await tell(app, "draft.saved");
    await never();
    await standbys.close();
  });

  it("makes room: two in all, for those who deployed last", async () => {
    for (const name of ["a", "b", "c"]) {
      await tell(await add(name), "draft.saved");
      await until("it to wait", async () => {
        await settle();
        return ofApps().includes(name);
      });
    }
    expect(ofApps()).toEqual(["b", "c"]);
  });

  it("that dies is not made again before the next deploy", async () => {
    const app = await add("a");
    await tell(app, "draft.saved");
    await soon(1);
    bench.engine.end(waiting()[0] ?? "");
    await tell(app, "app.updated");
    await never();
    expect(await deploy(app)).not.toBe("");
    await bench.clock.pass(1_000);
    await tell(app, "draft.saved");
    await soon(1);
  });

  it.each<[string, () => Promise<App>]>([
    ["code that lies in the owner's folder", () => add("a", {}, {}, { type: "live" })],
    ["variables that an interpreter reads early", () => add("a", { env: { PYTHONOPTIMIZE: "1" } })],
    ["an app that imports its code elsewhere", () => add("a", {}, launch("python-1", "--workers", "2"))],
    [
      "another server",
      () => add("a", {}, { argv: [join(bench.home, "envs/x/bin/python"), "-m", "gunicorn"] }),
    ],
    [
      "an environment that is not Gantry's",
      () => add("a", {}, { argv: ["/usr/bin/python", "-m", "uvicorn"] }),
    ],
    ["an owner who wants none", () => add("a", { warm: false })],
  ])("is not kept for %s", async (_, make) => {
    await tell(await make(), "draft.saved");
    await never();
    expect(bench.engine.prepared).toEqual([]);
  });
});
