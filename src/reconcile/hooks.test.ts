// Hooks in the loop with the real store and planner; engine and clock are in the test's hand.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { settle } from "../../test/helpers/hand-clock.ts";
import { LoopBench } from "../../test/helpers/loop-bench.ts";
import type { App } from "../domain/app.ts";
import type { Execution } from "../domain/execution.ts";
import type { HookName, Hooks } from "../domain/hook.ts";
import type { Exit } from "../domain/instance.ts";

let bench: LoopBench;
beforeEach(async () => {
  bench = await new LoopBench().open();
});
afterEach(async () => {
  expect(bench.errors).toEqual([]);
  await bench.end();
});

const FINE: Exit = { code: 0, signal: null };
const BAD: Exit = { code: 3, signal: null };
const hook = (timeoutMs = 60_000) => ({ run: "./hook.sh --now", timeoutMs, shell: false });
const withHooks = (...names: HookName[]): { hooks: Hooks } => ({
  hooks: Object.fromEntries(names.map((name) => [name, hook()])),
});

const last = (app: App, name: HookName): Execution | undefined =>
  bench.context.store.executions.lastHooks(app.id).get(name);
/** Names of the hooks that run. */
const running = (app: App): string[] =>
  bench.context.store.executions.runningOf(app.id).map((row) => row.name);
const history = async (app: App): Promise<string[]> =>
  (await bench.context.store.executions.query({ appId: app.id, limit: 100 }))
    .map((row) => `${row.name} ${row.state}`)
    .reverse();

/** Lets the running hook end. */
async function finish(app: App, name: HookName, exit = FINE): Promise<void> {
  bench.engine.end(last(app, name)?.id ?? "", exit);
  await settle();
  await bench.clock.pass(1_000);
}

const stopIt = (app: App) => bench.change(app, { wanted: false });
const startIt = (app: App) =>
  bench.change(app, {
    wanted: true,
    generation: bench.app(app).generation + 1,
    generationAt: bench.clock.now(),
  });

describe("pre_start", () => {
  it("comes before the first instance, and is over before it", async () => {
    const app = await bench.add("a", { config: withHooks("pre_start") });
    expect(running(app)).toEqual(["pre_start"]);
    expect(bench.view(app)).toMatchObject({ state: "starting", reason: "pre_start runs" });
    const [order] = bench.engine.started;
    expect(order?.argv).toEqual(["./hook.sh", "--now"]);
    expect(order?.env).toMatchObject({ GANTRY_HOOK: "pre_start", GANTRY_APP: "a" });
    expect(bench.running(app)).toEqual([]);
    await finish(app, "pre_start");
    expect(bench.running(app)).toHaveLength(1);
    expect(bench.view(app).state).toBe("running");
  });

  it("writes the row before anything is started", async () => {
    const start = bench.engine.start.bind(bench.engine);
    const seen: (Execution | undefined)[] = [];
    bench.engine.start = async (order) => {
      seen.push([...bench.context.store.executions.running()].find((row) => row.id === order.instanceId));
      return start(order);
    };
    await bench.add("a", { config: withHooks("pre_start") });
    expect(seen).toMatchObject([{ state: "running", handle: null, startedAt: null }]);
  });

  it("comes once for each start by a person, not for crashes and not for each replica", async () => {
    const app = await bench.add("a", { config: { ...withHooks("pre_start"), replicas: { min: 3, max: 3 } } });
    await finish(app, "pre_start");
    expect(bench.running(app)).toHaveLength(3);
    for (const id of bench.running(app)) bench.engine.end(id, { code: null, signal: "KILL" });
    await bench.clock.pass(5_000);
    expect(bench.running(app)).toHaveLength(3);
    expect(await history(app)).toEqual(["pre_start done"]);
    await startIt(app);
    expect(running(app)).toEqual(["pre_start"]);
    expect(bench.running(app)).toHaveLength(3);
    await finish(app, "pre_start");
    expect(await history(app)).toEqual(["pre_start done", "pre_start done"]);
  });

  it("keeps the app from starting when it fails, says why, and is tried again with the next start", async () => {
    const app = await bench.add("a", { config: withHooks("pre_start") });
    await finish(app, "pre_start", BAD);
    expect(bench.view(app)).toMatchObject({ state: "failed", reason: "pre_start exited with code 3" });
    await bench.clock.pass(600_000);
    expect(bench.engine.started).toHaveLength(1);
    await startIt(app);
    await finish(app, "pre_start");
    expect(bench.view(app)).toMatchObject({ state: "running", reason: null });
  });

  it("leaves the instances before alone when it fails at a restart", async () => {
    const app = await bench.add("a", { config: withHooks("pre_start") });
    await finish(app, "pre_start");
    const before = bench.running(app);
    await startIt(app);
    await finish(app, "pre_start", BAD);
    expect(bench.running(app)).toEqual(before);
    expect(bench.view(app).state).toBe("running");
    expect(bench.view(app).reason).toBe("it was not started anew: pre_start exited with code 3");
    for (const id of before) bench.engine.end(id, { code: null, signal: "KILL" });
    await bench.clock.pass(1_000);
    expect(bench.running(app)).toHaveLength(1);
    await startIt(app);
    await finish(app, "pre_start");
    expect(await history(app)).toEqual(["pre_start done", "pre_start failed", "pre_start done"]);
    expect(bench.view(app)).toMatchObject({ state: "running", reason: null });
  });

  it("is ended by a stop; nothing is started then", async () => {
    const app = await bench.add("a", { config: withHooks("pre_start", "pre_stop", "post_stop") });
    await stopIt(app);
    await bench.clock.pass(10_000);
    expect(await history(app)).toEqual(["pre_start cancelled"]);
    expect(last(app, "pre_start")?.reason).toBe("was cancelled: a was stopped");
    expect(bench.view(app).state).toBe("stopped");
    expect(bench.engine.running()).toEqual([]);
  });

  it("ends with its time-out", async () => {
    const app = await bench.add("a", { config: { hooks: { pre_start: hook(2_000) } } });
    await bench.clock.pass(2_500);
    expect(last(app, "pre_start")).toMatchObject({ state: "timed_out", endingAs: "timed_out" });
    expect(bench.view(app)).toMatchObject({
      state: "failed",
      reason: "pre_start did not end within 2 s",
    });
    expect(bench.engine.running()).toEqual([]);
  });

  it("says so when it can't be started", async () => {
    const start = bench.engine.start.bind(bench.engine);
    const { GantryError } = await import("../domain/errors.ts");
    bench.engine.start = async (order) => {
      if (order.env.GANTRY_HOOK === undefined) return start(order);
      throw new GantryError("start-failed", { reason: "there is no ./hook.sh" });
    };
    const app = await bench.add("a", { config: withHooks("pre_start") });
    expect(bench.view(app)).toMatchObject({
      state: "failed",
      reason: "pre_start could not be started: there is no ./hook.sh",
    });
  });

  it("is neither lost nor repeated when the clock jumps", async () => {
    const app = await bench.add("a", { config: withHooks("pre_start") });
    await finish(app, "pre_start");
    bench.clock.jump(-86_400_000);
    await startIt(app);
    await finish(app, "pre_start");
    await bench.close();
    await bench.open();
    await bench.clock.pass(60_000);
    expect(await history(app)).toEqual(["pre_start done", "pre_start done"]);
    expect(bench.view(app).state).toBe("running");
  });
});

describe("a daemon that dies during a hook", () => {
  it("leaves it running; the next one sees its end and goes on", async () => {
    const app = await bench.add("a", { config: withHooks("pre_start") });
    const before = last(app, "pre_start")?.id;
    await bench.close();
    await bench.open();
    expect(bench.engine.running()).toEqual([before]);
    expect(bench.running(app)).toEqual([]);
    await finish(app, "pre_start");
    expect(await history(app)).toEqual(["pre_start done"]);
    expect(bench.running(app)).toHaveLength(1);
  });

  it("learns the result of one that ended meanwhile", async () => {
    const app = await bench.add("a", { config: withHooks("pre_start") });
    await bench.close();
    bench.engine.end(last(app, "pre_start")?.id ?? "", BAD);
    await bench.open();
    await bench.clock.pass(1_000);
    expect(await history(app)).toEqual(["pre_start failed"]);
    expect(bench.view(app).state).toBe("failed");
  });

  it("repeats what vanished, because a start waits for it", async () => {
    const app = await bench.add("a", { config: withHooks("pre_start") });
    await bench.close();
    bench.world.instances.clear();
    await bench.open();
    expect(await history(app)).toEqual(["pre_start lost", "pre_start running"]);
    expect(last(app, "pre_start")?.attempt).toBe(2);
    await finish(app, "pre_start");
    expect(bench.view(app).state).toBe("running");
  });

  it("keeps its time-out, and an end that had begun", async () => {
    const app = await bench.add("a", { config: { hooks: { pre_start: hook(10_000) } } });
    await bench.clock.pass(6_000);
    await bench.close();
    await bench.open();
    await bench.clock.pass(3_000);
    expect(running(app)).toEqual(["pre_start"]);
    bench.engine.stop = () => new Promise(() => {});
    await bench.clock.pass(2_000);
    await bench.close();
    await bench.open();
    await bench.clock.pass(1_000);
    expect(await history(app)).toEqual(["pre_start timed_out"]);
  });
});

describe("hooks of a deploy", () => {
  it("come in order, and the old release serves until they are done", async () => {
    const app = await bench.add("a");
    await bench.clock.pass(1_000);
    const before = bench.running(app);
    const all = withHooks("pre_deploy", "pre_start", "post_start", "post_deploy");
    const changed = await bench.release({ ...app, config: { ...app.config, ...all } });
    expect(running(app)).toEqual(["pre_deploy"]);
    await finish(app, "pre_deploy");
    expect(running(app)).toEqual(["pre_start"]);
    expect(bench.running(app)).toEqual(before);
    await finish(app, "pre_start");
    await bench.clock.pass(1_000);
    expect(running(app).sort()).toEqual(["post_deploy", "post_start"]);
    expect(bench.running(app)).toHaveLength(1);
    expect(bench.running(app)).not.toEqual(before);
    await finish(app, "post_start");
    await finish(app, "post_deploy");
    expect(bench.app(app)).toMatchObject({ goodReleaseId: changed.targetReleaseId });
    await startIt(app);
    await finish(app, "pre_start");
    await finish(app, "post_start");
    expect(await history(app)).toEqual(
      ["pre_deploy", "pre_start", "post_start", "post_deploy", "pre_start", "post_start"].map(
        (name) => `${name} done`,
      ),
    );
  });

  it("fail the deploy: the old release goes on, and the hook runs again for the next one", async () => {
    const app = await bench.add("a");
    await bench.clock.pass(1_000);
    const before = bench.running(app);
    const hooked = { ...app, config: { ...app.config, ...withHooks("pre_deploy") } };
    await bench.release(hooked);
    await finish(app, "pre_deploy", BAD);
    expect(bench.app(app).targetReleaseId).toBe(app.targetReleaseId);
    expect(bench.running(app)).toEqual(before);
    expect(bench.view(app).state).toBe("running");
    const third = await bench.release(hooked);
    await finish(app, "pre_deploy");
    await bench.clock.pass(2_000);
    expect(bench.app(app).goodReleaseId).toBe(third.targetReleaseId);
  });

  it("are not told again of a start that a failed deploy has not touched", async () => {
    const app = await bench.add("a", { config: withHooks("post_start") });
    await bench.clock.pass(1_000);
    await finish(app, "post_start");
    await bench.release({ ...app, config: { ...app.config, ...withHooks("pre_deploy", "post_start") } });
    await finish(app, "pre_deploy", BAD);
    await bench.clock.pass(60_000);
    expect(bench.app(app).targetReleaseId).toBe(app.targetReleaseId);
    expect(await history(app)).toEqual(["post_start done", "pre_deploy failed"]);
  });

  it("are not asked again of the release before, when it goes on after a failed deploy and crashes", async () => {
    const hooked = withHooks("pre_deploy", "pre_start");
    const app = await bench.add("a", { config: hooked });
    await finish(app, "pre_deploy");
    await finish(app, "pre_start");
    await bench.release({ ...app, config: { ...app.config, ...hooked } });
    await finish(app, "pre_deploy");
    await finish(app, "pre_start", BAD);
    await bench.clock.pass(60_000);
    for (const id of bench.running(app)) bench.engine.end(id, { code: null, signal: "KILL" });
    await bench.clock.pass(1_000);
    expect(bench.running(app)).toHaveLength(1);
    expect(await history(app)).toHaveLength(4);
  });

  it("of an outdated release are ended before those of the newer one run", async () => {
    const app = await bench.add("a");
    await bench.clock.pass(1_000);
    const hooked = { ...app, config: { ...app.config, ...withHooks("pre_deploy") } };
    await bench.release(hooked);
    const first = last(app, "pre_deploy")?.id;
    bench.context.store.write({ put: { apps: [{ ...bench.app(app), round: 1 }] } });
    await bench.release(hooked);
    await bench.clock.pass(100);
    expect(await history(app)).toEqual(["pre_deploy cancelled", "pre_deploy running"]);
    expect(last(app, "pre_deploy")?.id).not.toBe(first);
  });
});

describe("hooks of a stop", () => {
  it("come before and after it", async () => {
    const app = await bench.add("a", { config: withHooks("pre_stop", "post_stop") });
    await bench.clock.pass(1_000);
    await stopIt(app);
    expect(running(app)).toEqual(["pre_stop"]);
    expect(last(app, "pre_stop")?.instanceId).toBe(bench.running(app)[0]);
    expect(bench.view(app)).toMatchObject({ state: "stopping", reason: "pre_stop runs" });
    await finish(app, "pre_stop");
    expect(bench.running(app)).toEqual([]);
    expect(running(app)).toEqual(["post_stop"]);
    expect(bench.view(app)).toMatchObject({ state: "stopping", reason: "post_stop runs" });
    await finish(app, "post_stop");
    expect(bench.view(app)).toMatchObject({ state: "stopped", reason: null });
    await bench.close();
    await bench.open();
    await bench.clock.pass(60_000);
    expect(await history(app)).toEqual(["pre_stop done", "post_stop done"]);
  });

  it("keep the app running when the first one fails; it is asked again at the next stop", async () => {
    const app = await bench.add("a", { config: withHooks("pre_stop") });
    await bench.clock.pass(1_000);
    const before = bench.running(app);
    for (let times = 1; times <= 2; times++) {
      await stopIt(app);
      await finish(app, "pre_stop", BAD);
      expect(bench.app(app).wanted).toBe(true);
      expect(bench.running(app)).toEqual(before);
      expect(bench.view(app)).toMatchObject({
        state: "running",
        reason: "it was not stopped: pre_stop exited with code 3",
      });
    }
    await stopIt(app);
    await finish(app, "pre_stop");
    expect(bench.view(app)).toMatchObject({ state: "stopped", reason: null });
  });

  it("are not asked of an app that does not serve", async () => {
    const app = await bench.add("a", { config: withHooks("pre_stop", "post_stop") });
    await stopIt(app);
    expect(bench.running(app)).toEqual([]);
    await finish(app, "post_stop", BAD);
    expect(await history(app)).toEqual(["post_stop failed"]);
    expect(bench.view(app)).toMatchObject({ state: "stopped", reason: "post_stop exited with code 3" });
  });

  it("are over before the next start", async () => {
    const app = await bench.add("a", { config: withHooks("post_stop", "pre_start") });
    await finish(app, "pre_start");
    await stopIt(app);
    await startIt(app);
    await bench.clock.pass(1_000);
    expect(running(app)).toEqual(["post_stop"]);
    await finish(app, "post_stop");
    expect(running(app)).toEqual(["pre_start"]);
    await finish(app, "pre_start");
    expect(bench.view(app).state).toBe("running");
  });

  it("are ended by a start that comes before the stop", async () => {
    const app = await bench.add("a", { config: withHooks("pre_stop") });
    await bench.clock.pass(1_000);
    await stopIt(app);
    await startIt(app);
    await bench.clock.pass(1_000);
    expect(await history(app)).toEqual(["pre_stop cancelled"]);
    expect(bench.view(app).state).toBe("running");
  });
});

it("a failed post_start is told, and the app goes on", async () => {
  const app = await bench.add("a", { config: withHooks("post_start") });
  await bench.clock.pass(1_000);
  expect(running(app)).toEqual(["post_start"]);
  expect(bench.view(app).state).toBe("running");
  await finish(app, "post_start", BAD);
  expect(bench.view(app)).toMatchObject({ state: "running", reason: "post_start exited with code 3" });
  const events = await bench.context.store.events({ appId: app.id, limit: 100 });
  expect(events.map(({ type }) => type)).toContain("execution.failed");
});
