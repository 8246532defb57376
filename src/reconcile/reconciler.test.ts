// The loop with the real store and planner; the engine and the clock are in the test's hand.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { settle } from "../../test/helpers/hand-clock.ts";
import { LoopBench } from "../../test/helpers/loop-bench.ts";

let bench: LoopBench;
beforeEach(async () => {
  bench = await new LoopBench().open();
});
afterEach(async () => {
  expect(bench.errors).toEqual([]);
  await bench.end();
});

const crash = { code: 1, signal: null };
const always = { policy: "always", delayMs: 200, max: 5, windowMs: 60_000 } as const;

describe("the loop", () => {
  it("starts a wanted app, sees it running, marks its release good", async () => {
    const app = await bench.add("a");
    expect(bench.view(app).state).toBe("starting");
    await bench.clock.pass(1_000);
    expect(bench.view(app).state).toBe("running");
    expect(bench.app(app).goodReleaseId).toBe(app.targetReleaseId);
    expect(bench.running(app)).toHaveLength(1);
  });

  it("writes the row before the engine starts anything", async () => {
    const start = bench.engine.start.bind(bench.engine);
    let rowSeen = false;
    bench.engine.start = async (order) => {
      rowSeen = bench.context.store.instances.get(order.instanceId)?.handle === null;
      return start(order);
    };
    await bench.add("a");
    expect(rowSeen).toBe(true);
  });

  it("restarts at once after a settled run, and says why the run before ended", async () => {
    const app = await bench.add("a");
    await bench.clock.pass(5_000);
    const [first = ""] = bench.running(app);
    bench.engine.end(first, { code: null, signal: "KILL" });
    await settle();
    expect(bench.running(app)).toHaveLength(1);
    await bench.clock.pass(1_000);
    expect(bench.view(app)).toMatchObject({ state: "running", restarts: 1 });
    expect(bench.view(app).reason).toMatch(/KILL/);
  });

  it("backs off, gives up, and starts anew when asked to", async () => {
    const app = await bench.add("a", { config: { restart: always } });
    bench.engine.start = failing(bench);
    for (const id of bench.running(app)) bench.engine.end(id, crash);
    await settle();
    expect(bench.view(app).state).toBe("backing-off");
    expect(bench.view(app).nextTryAt).not.toBeNull();
    await bench.clock.pass(60_000);
    expect(bench.view(app)).toMatchObject({ state: "failed", restarts: 4 });
    const told = await bench.context.store.events({ appId: app.id, limit: 100 });
    const given = told.filter(({ type }) => type === "app.failed");
    expect(given.map(({ message }) => message)).toEqual([
      "a is given up after 5 crashes in a row: exited with code 1",
    ]);
    expect(bench.running(app)).toEqual([]);
    await bench.change(app, { generation: 2, generationAt: bench.clock.now() });
    await bench.clock.pass(1_000);
    expect(bench.view(app)).toMatchObject({ state: "backing-off", restarts: 2 });
  });

  it("starts an app whose delay runs out while it is looked at", async () => {
    const app = await bench.add("a", { config: { restart: always } });
    // Timers of Node may come up to a millisecond early, and time goes on between two looks.
    const { after, monotonic } = bench.clock;
    let creep = 0;
    bench.clock.after = (ms, callback) => after(Math.max(0, ms - 0.3), callback);
    bench.clock.monotonic = () => {
      creep += 0.2;
      return monotonic() + creep;
    };
    for (let crash = 1; crash < 4; crash++) {
      for (const id of bench.running(app)) bench.engine.end(id, { code: 1, signal: null });
      await bench.clock.pass(2_000);
      expect(bench.view(app)).toMatchObject({ state: "running", restarts: crash });
    }
  });

  it("keeps the count of crashes over a restart of the daemon", async () => {
    const app = await bench.add("a", { config: { restart: always } });
    for (let i = 0; i < 3; i++) {
      for (const id of bench.running(app)) bench.engine.end(id, crash);
      await bench.clock.pass(1_000);
    }
    const before = bench.view(app).restarts;
    expect(before).toBe(3);
    await bench.close();
    await bench.open();
    expect(bench.view(app).restarts).toBe(3);
  });

  it("finds a living instance again and starts no second one", async () => {
    const app = await bench.add("a");
    await bench.clock.pass(1_000);
    const before = bench.running(app);
    await bench.close();
    await bench.open();
    await bench.clock.pass(1_000);
    expect(bench.running(app)).toEqual(before);
    expect(bench.view(app).state).toBe("running");
  });

  it("applies the policy once to an app that ended while the daemon was away", async () => {
    const app = await bench.add("a");
    const stays = await bench.add("b", { config: { restart: { ...always, policy: "never" } } });
    await bench.clock.pass(5_000);
    await bench.close();
    for (const id of bench.engine.running()) bench.engine.end(id, crash);
    await bench.open();
    await bench.clock.pass(1_000);
    expect(bench.running(app)).toHaveLength(1);
    expect(bench.running(stays)).toEqual([]);
    expect(bench.view(stays).state).toBe("stopped");
  });

  it("stops what no row knows", async () => {
    await bench.close();
    bench.world.instances.set("i_stranger", {
      order: {
        instanceId: "i_stranger",
        argv: [],
        cwd: "/",
        env: {},
        logFile: "",
        resources: { cpu: null, memoryBytes: null, pids: null },
      },
      pid: 5,
      behaviour: {},
      ended: false,
      exit: null,
    });
    await bench.open();
    expect(bench.engine.running()).toEqual([]);
  });

  it("goes on with a stop that the daemon before had begun", async () => {
    const app = await bench.add("a");
    await bench.clock.pass(1_000);
    bench.engine.stop = () => new Promise(() => {});
    await bench.change(app, { wanted: false });
    expect(bench.view(app).state).toBe("stopping");
    await bench.close();
    await bench.open();
    await settle();
    expect(bench.running(app)).toEqual([]);
    expect(bench.view(app).state).toBe("stopped");
  });

  it("replaces the old generation only when the new one runs", async () => {
    const app = await bench.add("a");
    await bench.clock.pass(1_000);
    const [old] = bench.running(app);
    await bench.change(app, { generation: 2 });
    expect(bench.running(app)).toHaveLength(2);
    await bench.clock.pass(1_000);
    expect(bench.running(app)).toHaveLength(1);
    expect(bench.running(app)).not.toContain(old);
  });

  it("goes back to the good release when the new one can't run, and leaves the old instance alone", async () => {
    const app = await bench.add("a", { config: { restart: always } });
    await bench.clock.pass(1_000);
    const before = bench.running(app);
    bench.engine.start = failing(bench);
    await bench.release(app);
    await bench.clock.pass(30_000);
    expect(bench.app(app).targetReleaseId).toBe(app.targetReleaseId);
    expect(bench.running(app)).toEqual(before);
    expect(bench.view(app).state).toBe("running");
  });

  it("starts an app when what it depends on is ready, whatever the order", async () => {
    const app = await bench.add("web", { config: { dependsOn: ["db"] } });
    await bench.clock.pass(1_000);
    expect(bench.running(app)).toEqual([]);
    expect(bench.view(app).reason).toMatch(/db/);
    const db = await bench.add("db");
    expect(bench.running(db)).toHaveLength(1);
    expect(bench.running(app)).toEqual([]);
    await bench.clock.pass(1_000);
    expect(bench.running(app)).toHaveLength(1);
  });

  it("does nothing while the engine can't be asked", async () => {
    const app = await bench.add("a");
    await bench.clock.pass(1_000);
    const before = bench.running(app);
    bench.engine.blind("gone fishing");
    await bench.change(app, { generation: 2 });
    expect(bench.view(app).state).toBe("unknown");
    await bench.change(app, { wanted: false });
    bench.engine.blind(null);
    expect(bench.running(app)).toEqual(before);
    bench.context.reconciler.wake(app.id);
    await settle();
    expect(bench.running(app)).toEqual([]);
  });

  it("stops during a start and during back-off", async () => {
    const app = await bench.add("a", { config: { restart: always } });
    await bench.change(app, { wanted: false });
    expect(bench.running(app)).toEqual([]);
    expect(bench.view(app).state).toBe("stopped");
    const other = await bench.add("b", { config: { restart: always } });
    for (const id of bench.running(other)) bench.engine.end(id, crash);
    await settle();
    await bench.change(other, { wanted: false });
    await bench.clock.pass(60_000);
    expect(bench.running(other)).toEqual([]);
    expect(bench.view(other).state).toBe("stopped");
  });

  it("neither kills nor restarts anything when the wall clock jumps", async () => {
    const app = await bench.add("a");
    await bench.clock.pass(1_000);
    const before = bench.running(app);
    for (const jump of [86_400_000, -172_800_000]) {
      bench.clock.jump(jump);
      await bench.clock.pass(60_000);
      expect(bench.running(app)).toEqual(before);
    }
  });

  it("restarts a crashing app in time also when the wall clock jumps back", async () => {
    const app = await bench.add("a", { config: { restart: always } });
    for (const id of bench.running(app)) bench.engine.end(id, crash);
    await settle();
    expect(bench.running(app)).toEqual([]);
    bench.clock.jump(-86_400_000);
    await bench.clock.pass(1_000);
    expect(bench.running(app)).toHaveLength(1);
  });
});

/** From now on every start ends at once with code 1. */
function failing({ engine }: LoopBench): LoopBench["engine"]["start"] {
  const start = engine.start.bind(engine);
  return async (order) => {
    const handle = await start(order);
    setImmediate(() => engine.end(order.instanceId, crash));
    return handle;
  };
}
