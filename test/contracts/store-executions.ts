// Executions in the store: only a few in memory, the others asked of the database, all of them as they were recorded.
import { expect, test } from "vitest";
import type { Execution, ExecutionQuery } from "../../src/domain/execution.ts";
import type { Store } from "../../src/domain/store.ts";
import { sampleApp, sampleExecution } from "../helpers/sample-rows.ts";
import type { StoreBed } from "./store.ts";

export function storeExecutions(bed: () => StoreBed, store: () => Store, reopen: () => Promise<void>): void {
  const seed = () => store().write({ put: { apps: [sampleApp("a"), sampleApp("b")] } });
  const put = (...executions: Execution[]) => store().record({ put: { executions } });
  const ids = async (query: Partial<ExecutionQuery> = {}) =>
    (await store().executions.query({ limit: 100, ...query })).map((row) => row.id);
  const run = (id: string, createdAt: number, more: Partial<Execution> = {}, appId = "a") =>
    sampleExecution(id, appId, { kind: "schedule", name: "report", state: "done", createdAt, ...more });

  test("executions are found newest first, by app, kind, state, day and from a position on", async () => {
    await seed();
    await put(
      run("x1", 1),
      run("x2", 2, { state: "failed" }),
      run("x3", 2, { state: "lost" }, "b"),
      run("x4", 3, { kind: "command" }, "b"),
      run("x5", 4, { state: "timed_out" }),
    );
    const check = async () => {
      expect(await ids()).toEqual(["x5", "x4", "x3", "x2", "x1"]);
      expect(await ids({ limit: 2 })).toEqual(["x5", "x4"]);
      expect(await ids({ limit: 0 })).toEqual([]);
      expect(await ids({ appId: "b" })).toEqual(["x4", "x3"]);
      expect(await ids({ kind: "command" })).toEqual(["x4"]);
      expect(await ids({ kind: "schedule", appId: "b" })).toEqual(["x3"]);
      expect(await ids({ states: ["failed", "timed_out", "lost"] })).toEqual(["x5", "x3", "x2"]);
      expect(await ids({ states: ["failed", "timed_out"], appId: "a", limit: 1 })).toEqual(["x5"]);
      expect(await ids({ states: [] })).toEqual([]);
      expect(await ids({ since: 3 })).toEqual(["x5", "x4"]);
      expect(await ids({ before: { createdAt: 2, id: "x3" } })).toEqual(["x2", "x1"]);
      expect(await ids({ appId: "nobody" })).toEqual([]);
    };
    await check();
    await reopen();
    await check();
    expect(await store().executions.get("x2")).toEqual(run("x2", 2, { state: "failed" }));
    expect(await store().executions.get("x9")).toBeUndefined();
  });

  test("those that run, and the last of each hook, are at hand, also after a restart", async () => {
    await seed();
    await put(
      sampleExecution("h1", "a", { createdAt: 5, state: "failed" }),
      sampleExecution("h2", "a", { createdAt: 6 }),
      sampleExecution("h3", "a", { createdAt: 4, name: "post_start", state: "done" }),
      sampleExecution("h0", "a", { createdAt: 3, state: "done" }),
      run("x1", 7, { state: "running" }, "b"),
    );
    const check = (running: string[]) => {
      const { executions } = store();
      expect([...executions.running()].map((row) => row.id).sort()).toEqual(running);
      expect([...executions.lastHooks("a")].map(([name, { id }]) => [name, id]).sort()).toEqual([
        ["post_start", "h3"],
        ["pre_start", "h2"],
      ]);
      expect(executions.lastHooks("b").size).toBe(0);
    };
    check(["h2", "x1"]);
    expect(
      store()
        .executions.runningOf("b")
        .map((row) => row.id),
    ).toEqual(["x1"]);
    await reopen();
    check(["h2", "x1"]);
    const done = sampleExecution("h2", "a", { createdAt: 6, state: "done", exit: { code: 0, signal: null } });
    await put(done);
    check(["x1"]);
    expect(store().executions.lastHooks("a").get("pre_start")).toEqual(done);
    await reopen();
    check(["x1"]);
  });

  test("a locked database hides nothing that was recorded", async () => {
    await seed();
    await put(run("x1", 1, { state: "running" }), run("x2", 2));
    const unlock = await bed().lock();
    const changes = [put(run("x1", 1)), put(run("x3", 3, { state: "running" }))];
    expect([...store().executions.running()].map((row) => row.id)).toEqual(["x3"]);
    expect(await ids()).toEqual(["x3", "x2", "x1"]);
    expect(await ids({ states: ["running"] })).toEqual(["x3"]);
    expect(await ids({ states: ["done"], limit: 1 })).toEqual(["x2"]);
    expect((await store().executions.get("x1"))?.state).toBe("done");
    await Promise.all(changes);
    await unlock();
    await store().write({}, { waitMs: 20_000 });
    await reopen();
    expect(await ids({ states: ["done"] })).toEqual(["x2", "x1"]);
  });

  test("with an app go its executions; what is recorded for it later is dropped", async () => {
    await seed();
    await put(sampleExecution("h1", "a"), run("x1", 1, { state: "running" }, "b"));
    await store().write({ remove: { apps: ["a"] } });
    const check = async () => {
      expect([...store().executions.running()].map((row) => row.id)).toEqual(["x1"]);
      expect(store().executions.lastHooks("a").size).toBe(0);
      expect(await ids()).toEqual(["x1"]);
    };
    await check();
    await put(sampleExecution("h1", "a", { state: "done" }));
    await store().write({}, { waitMs: 60_000 });
    await check();
    await reopen();
    await check();
  });

  test("old and surplus ones are pruned, but none that runs and not the last of a hook", async () => {
    await seed();
    await put(
      sampleExecution("hook", "a", { createdAt: 1, state: "done" }),
      run("lives", 2, { state: "running" }),
      ...Array.from({ length: 20 }, (_, index) => run(`a${10 + index}`, 10 + index)),
      ...Array.from({ length: 5 }, (_, index) => run(`b${10 + index}`, 10 + index, {}, "b")),
    );
    await store().write({});
    expect(await store().executions.prune({ before: 12, keepPerApp: 6 })).toBe(16);
    expect(await ids({ appId: "a" })).toEqual(["a29", "a28", "a27", "a26", "a25", "a24", "lives", "hook"]);
    expect(await ids({ appId: "b" })).toEqual(["b14", "b13", "b12"]);
    expect(await store().executions.prune({ before: 12, keepPerApp: 6 })).toBe(0);
    await reopen();
    expect([...store().executions.running()].map((row) => row.id)).toEqual(["lives"]);
    expect(store().executions.lastHooks("a").get("pre_start")?.id).toBe("hook");
  });

  test("a damaged row is left out, and stops nothing", async () => {
    await seed();
    await put(run("x1", 1), run("x2", 2));
    await store().close();
    await bed().run("update executions set doc = '{broken' where id = 'x1'");
    await reopen();
    expect(await ids()).toEqual(["x2"]);
    expect(await store().executions.get("x1")).toBeUndefined();
  });
}
