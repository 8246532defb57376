// What every engine must do, whatever runs its instances. The real definition of `Engine`.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Engine, LaunchOrder } from "../../src/domain/engine.ts";
import { GantryError } from "../../src/domain/errors.ts";
import type { Exit, Handle } from "../../src/domain/instance.ts";

/** What the app of an order does; each engine says how that is written for it. */
export type Program =
  | { kind: "idle" }
  | { kind: "exits"; code: number }
  /** Ends by SIGKILL of its own. */
  | { kind: "crashes" }
  | { kind: "ignores-term" }
  | { kind: "missing" }
  /** Listens on 127.0.0.1. */
  | { kind: "listens"; port: number };

export interface EngineSubject {
  engine: Engine;
  order(instanceId: string, program: Program): LaunchOrder;
  /** Resolves when the app of an order is set up to ignore signals. */
  deaf(instanceId: string): Promise<void>;
  /** Another engine over the same machine and home, as after a restart of the daemon. */
  another(): Engine;
  /** Ends everything that was started. */
  dispose(): Promise<void>;
}

export interface EngineCapabilities {
  /** Instances listen on real sockets of this machine; `freePort` is asked for one. */
  ports?: { freePort(): Promise<number> };
}

const TERM = { signal: "TERM", timeoutMs: 10_000 };
const HASTY = { signal: "TERM", timeoutMs: 150 };

export function engineContract(
  name: string,
  makeEngine: () => Promise<EngineSubject>,
  capabilities: EngineCapabilities = {},
): void {
  describe(`engine contract: ${name}`, () => {
    let subject: EngineSubject;
    let engine: Engine;
    beforeEach(async () => {
      subject = await makeEngine();
      engine = subject.engine;
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const start = (id: string, program: Program = { kind: "idle" }) =>
      engine.start(subject.order(id, program));

    it("can be used and names its tier", async () => {
      const { available, tier } = await engine.probe();
      expect(available).toBe(true);
      expect(tier).not.toBe("");
    });

    it("runs what it started and says so", async () => {
      const handle = await start("a");
      expect(handle.engine).toBe(engine.name);
      expect(JSON.parse(JSON.stringify(handle))).toEqual(handle);
      await expect
        .poll(() => engine.inspect("a", handle))
        .toMatchObject({ status: "running", pid: expect.any(Number) });
    });

    it("starts an instance once, however often it is told to", async () => {
      const [first, second] = await Promise.all([start("a"), start("a")]);
      expect(second).toEqual(first);
      expect(await start("a")).toEqual(first);
    });

    it("refuses to start what can't run, with a sentence and without leaving anything", async () => {
      const refusal = await start("a", { kind: "missing" }).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(GantryError);
      expect(refusal).toMatchObject({ code: "start-failed" });
      expect((refusal as GantryError).message.length).toBeGreaterThan(10);
      expect((await engine.adopt([])).orphans.size).toBe(0);
    });

    it("runs nothing before the row is stored", async () => {
      const ends: string[] = [];
      engine.onEnd((id) => ends.push(id));
      let tell = () => {};
      const stored = new Promise<void>((resolve) => {
        tell = resolve;
      });
      const handle = engine.start({ ...subject.order("a", { kind: "exits", code: 3 }), stored });
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(ends).toEqual([]);
      tell();
      expect(await handle).toMatchObject({ engine: engine.name });
      await expect.poll(() => ends).toEqual(["a"]);
    });

    it("does not start when it was called off", async () => {
      await expect(engine.start(subject.order("a", { kind: "idle" }), AbortSignal.abort())).rejects.toThrow();
      expect((await engine.adopt([])).orphans.size).toBe(0);
    });

    it.each<[string, Program, Exit]>([
      ["code 0", { kind: "exits", code: 0 }, { code: 0, signal: null }],
      ["code 3", { kind: "exits", code: 3 }, { code: 3, signal: null }],
      ["a signal", { kind: "crashes" }, { code: null, signal: "KILL" }],
    ])("tells of an end with %s, once", async (_, program, exit) => {
      const ends: string[] = [];
      engine.onEnd((id) => ends.push(id));
      const handle = await start("a", program);
      await expect.poll(() => ends).toEqual(["a"]);
      expect(engine.inspect("a", handle)).toEqual({ status: "ended", exit });
      expect(ends).toEqual(["a"]);
    });

    it("stays silent to a listener that left", async () => {
      const ends: string[] = [];
      engine.onEnd((id) => ends.push(`left ${id}`))();
      engine.onEnd((id) => ends.push(id));
      await start("a", { kind: "exits", code: 0 });
      await expect.poll(() => ends).toEqual(["a"]);
    });

    it("stops, and stopping again is success", async () => {
      const handle = await start("a");
      expect(await engine.stop("a", handle, TERM)).toEqual({
        exit: { code: null, signal: "TERM" },
        killed: false,
      });
      expect(engine.inspect("a", handle)).toMatchObject({ status: "ended" });
      expect(await engine.stop("a", handle, TERM)).toMatchObject({ killed: false });
    });

    it("kills what does not listen to the signal", async () => {
      const handle = await start("a", { kind: "ignores-term" });
      await subject.deaf("a");
      expect(await engine.stop("a", handle, HASTY)).toEqual({
        exit: { code: null, signal: "KILL" },
        killed: true,
      });
      expect(engine.inspect("a", handle)).toMatchObject({ status: "ended" });
    });

    it("serves two stops of one instance, the hastier one decides", async () => {
      const handle = await start("a", { kind: "ignores-term" });
      await subject.deaf("a");
      const patient = engine.stop("a", handle, { signal: "TERM", timeoutMs: 1500 });
      await engine.stop("a", handle, HASTY);
      expect(engine.inspect("a", handle)).toMatchObject({ status: "ended" });
      await patient;
    });

    it("stops many at once, and only those", async () => {
      const handles = new Map<string, Handle>();
      for (let n = 0; n < 20; n++) handles.set(`i${n}`, await start(`i${n}`));
      const bystander = await start("bystander");
      await Promise.all([...handles].map(([id, handle]) => engine.stop(id, handle, TERM)));
      for (const [id, handle] of handles)
        expect(engine.inspect(id, handle)).toMatchObject({ status: "ended" });
      expect(engine.inspect("bystander", bystander)).toMatchObject({ status: "running" });
    });

    it("gives up a stop that is called off", async () => {
      const handle = await start("a", { kind: "ignores-term" });
      await subject.deaf("a");
      const control = new AbortController();
      const stopping = engine.stop("a", handle, { signal: "TERM", timeoutMs: 600 }, control.signal);
      control.abort(new Error("called off"));
      await expect(stopping).rejects.toThrow("called off");
    });

    it("forgets what was removed, and an id can run again", async () => {
      const handle = await start("a", { kind: "exits", code: 3 });
      await expect.poll(() => engine.inspect("a", handle).status).toBe("ended");
      await engine.remove("a", handle);
      expect(engine.inspect("a", handle)).toEqual({ status: "ended", exit: null });
      await engine.remove("a", handle);
      await engine.remove("never-was", null);
      const again = await start("a");
      await expect.poll(() => engine.inspect("a", again).status).toBe("running");
    });

    it("measures what runs and nothing else", async () => {
      const handle = await start("a");
      await expect.poll(async () => (await engine.stats("a", handle))?.processes).toBeGreaterThanOrEqual(1);
      expect((await engine.stats("a", handle))?.memoryBytes).toBeGreaterThan(0);
      await engine.stop("a", handle, TERM);
      expect(await engine.stats("a", handle)).toBeNull();
    });

    it("is taken up by a successor: by handle, without handle, and unknown ones as orphans", async () => {
      const known = await start("known");
      const rowOnly = await start("row-only");
      const orphan = await start("orphan");
      const ended = await start("ended", { kind: "exits", code: 4 });
      await expect.poll(() => engine.inspect("ended", ended).status).toBe("ended");
      engine.close();
      const successor = subject.another();
      const found = await successor.adopt([
        { instanceId: "known", handle: known },
        { instanceId: "row-only", handle: null },
        { instanceId: "ended", handle: ended },
        { instanceId: "never-started", handle: null },
      ]);
      expect([...found.alive.keys()].sort()).toEqual(["known", "row-only"]);
      expect(found.alive.get("known")).toMatchObject({ pid: known.pid });
      expect(found.alive.get("row-only")).toMatchObject({ pid: rowOnly.pid });
      expect([...found.orphans.keys()]).toEqual(["orphan"]);
      expect(found.orphans.get("orphan")).toMatchObject({ pid: orphan.pid });
      expect(successor.inspect("ended", ended)).toEqual({ status: "ended", exit: { code: 4, signal: null } });
      const ends: string[] = [];
      successor.onEnd((id) => ends.push(id));
      const handle = found.alive.get("known") ?? known;
      expect(await successor.start(subject.order("known", { kind: "idle" }))).toEqual(handle);
      expect(await successor.stop("known", handle, TERM)).toMatchObject({ killed: false });
      expect(ends).toEqual(["known"]);
      await successor.stop("orphan", found.orphans.get("orphan") ?? orphan, TERM);
      await successor.remove("row-only", null);
      expect(successor.inspect("row-only", rowOnly)).toMatchObject({ status: "ended" });
      successor.close();
    });

    if (capabilities.ports === undefined) return;
    const { freePort } = capabilities.ports;

    it("knows whose port it is, and stop frees it", async () => {
      const port = await freePort();
      const other = await start("other");
      const handle = await start("a", { kind: "listens", port });
      await expect
        .poll(() => engine.portOwner("a", handle, "127.0.0.1", port), { timeout: 5000 })
        .toBe("own");
      expect(engine.listeningPorts("a", handle)).toEqual([port]);
      expect(engine.portOwner("other", other, "127.0.0.1", port)).toBe("stranger");
      expect(engine.listeningPorts("other", other)).toEqual([]);
      await engine.stop("a", handle, TERM);
      expect(engine.portOwner("a", handle, "127.0.0.1", port)).toBe("none");
    });
  });
}
