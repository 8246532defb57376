// Instances outlive the daemon that started them: a first engine in a process of its own is killed with -9.
import { type ChildProcess, spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Bench, lives, makeBench, type Tier } from "../../../test/helpers/process-bench.ts";
import type { Handle } from "../../domain/instance.ts";

const ENGINE = new URL("./process-engine.ts", import.meta.url).href;
const TERM = { signal: "TERM", timeoutMs: 5000 };

/** Reads orders from its arguments, starts them, prints the handles, and stays. */
const FIRST_DAEMON = `
const { createProcessEngine } = await import(${JSON.stringify(ENGINE)});
const { home, tier, orders } = JSON.parse(process.argv[1]);
const engine = createProcessEngine({ home, tier });
const handles = [];
for (const order of orders) handles.push(await engine.start(order));
console.log(JSON.stringify(handles));
setInterval(() => {}, 1000);
`;

describe.runIf(process.platform === "linux").each<Tier>(["best", "mark"])(
  "after the daemon's death (%s)",
  (tier) => {
    let bench: Bench;
    let daemon: ChildProcess;
    beforeEach(() => {
      bench = makeBench(tier);
    });
    afterEach(async () => {
      daemon.kill("SIGKILL");
      await bench.dispose();
    });

    /** Starts the scripts under a first daemon and kills that when `ready` is true. */
    const startAndLose = async (scripts: Record<string, string>, ready: () => boolean) => {
      const orders = Object.entries(scripts).map(([id, script]) => bench.script(id, script));
      const words = [
        "--input-type=module",
        "-e",
        FIRST_DAEMON,
        JSON.stringify({ home: bench.home, tier, orders }),
      ];
      daemon = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
      const lines = createInterface({ input: daemon.stdout as NodeJS.ReadableStream });
      const [line] = await new Promise<string[]>((resolve) => lines.once("line", (text) => resolve([text])));
      await expect.poll(ready, { timeout: 5000 }).toBe(true);
      const gone = new Promise((resolve) => daemon.once("exit", resolve));
      daemon.kill("SIGKILL");
      await gone;
      const handles: Handle[] = JSON.parse(line ?? "[]");
      return new Map(Object.keys(scripts).map((id, n) => [id, handles[n] as Handle]));
    };
    const logged = (id: string): string => {
      try {
        return bench.log(id);
      } catch {
        return "";
      }
    };

    it("all live on and lose no line; the successor hears of their ends with the right status", async () => {
      const handles = await startAndLose(
        {
          counts: "n=0; while :; do n=$((n+1)); echo $n; sleep 0.02; done",
          exits: `while [ ! -e ${bench.home}/go ]; do sleep 0.02; done; exit 7`,
          crashes: `while [ ! -e ${bench.home}/go ]; do sleep 0.02; done; kill -SEGV $$`,
        },
        () => logged("counts").includes("3\n"),
      );
      const ends: string[] = [];
      const engine = bench.another();
      engine.onEnd((id) => ends.push(id));
      const known = [...handles].map(([instanceId, handle]) => ({ instanceId, handle }));
      const { alive, orphans } = await engine.adopt(known);
      expect([...alive.keys()].sort()).toEqual(["counts", "crashes", "exits"]);
      expect(orphans.size).toBe(0);
      for (const [id, handle] of alive) expect(handle).toMatchObject({ pid: handles.get(id)?.pid });
      writeFileSync(join(bench.home, "go"), "");
      await expect.poll(() => [...ends].sort(), { timeout: 1500 }).toEqual(["crashes", "exits"]);
      const observed = (id: string) => engine.inspect(id, handles.get(id) as Handle);
      expect(observed("exits")).toEqual({ status: "ended", exit: { code: 7, signal: null } });
      expect(observed("crashes")).toEqual({ status: "ended", exit: { code: null, signal: "SEGV" } });
      expect(observed("counts").status).toBe("running");
      await engine.stop("counts", handles.get("counts") as Handle, TERM);
      const numbers = logged("counts").trim().split("\n").map(Number);
      expect(numbers).toEqual(numbers.map((_, n) => n + 1));
    });

    it.each([true, false])(
      "nothing is left of an instance of which the dead daemon had moved but the shim into its group (shim lives: %s)",
      async (shimLives) => {
        const handles = await startAndLose(
          { half: "sleep 1000 & echo $!; wait" },
          () => logged("half") !== "",
        );
        const handle = handles.get("half") as Handle;
        const child = Number(logged("half"));
        const { cgroup } = handle;
        if (typeof cgroup === "string") writeFileSync(join(dirname(cgroup), "cgroup.procs"), String(child));
        if (!shimLives) process.kill(Number(handle.pid), "SIGKILL");
        await expect.poll(() => lives(Number(handle.pid))).toBe(shimLives);
        const engine = bench.another();
        await engine.adopt([{ instanceId: "half", handle }]);
        if (shimLives) await engine.stop("half", handle, TERM);
        await engine.remove("half", handle);
        expect(lives(child)).toBe(false);
      },
    );

    it("what ended while nobody watched is known with its status, or lost without one", async () => {
      const handles = await startAndLose(
        {
          ended: `while [ ! -e ${bench.home}/go ]; do sleep 0.02; done; exit 9`,
          lost: "echo $$; exec sleep 1000",
        },
        () => logged("lost") !== "",
      );
      writeFileSync(join(bench.home, "go"), "");
      const lost = handles.get("lost") as Handle;
      process.kill(Number(lost.pid), "SIGKILL");
      await expect
        .poll(() => lives(Number(handles.get("ended")?.pid)) || lives(Number(lost.pid)))
        .toBe(false);
      const engine = bench.another();
      const known = [...handles].map(([instanceId, handle]) => ({ instanceId, handle }));
      expect((await engine.adopt(known)).alive.size).toBe(0);
      expect(engine.inspect("ended", handles.get("ended") as Handle)).toEqual({
        status: "ended",
        exit: { code: 9, signal: null },
      });
      expect(engine.inspect("lost", lost)).toEqual({ status: "ended", exit: null });
      const [app = 0] = logged("lost").split("\n").map(Number);
      expect(lives(app)).toBe(true);
      await engine.remove("lost", lost);
      expect(lives(app)).toBe(false);
    });

    it("an adopted shim that is killed is noticed within seconds", async () => {
      const handles = await startAndLose({ a: "exec sleep 1000" }, () => true);
      const engine = bench.another();
      const handle = handles.get("a") as Handle;
      const ends: string[] = [];
      engine.onEnd((id) => ends.push(id));
      await engine.adopt([{ instanceId: "a", handle }]);
      process.kill(Number(handle.pid), "SIGKILL");
      await expect.poll(() => ends, { timeout: 4000 }).toEqual(["a"]);
    });

    it("a status that is not yet complete does not count", async () => {
      const handles = await startAndLose({ a: "exec sleep 1000" }, () => true);
      const engine = bench.another();
      const handle = handles.get("a") as Handle;
      writeFileSync(join(bench.home, "run", "a.exit"), "1");
      expect([...(await engine.adopt([{ instanceId: "a", handle }])).alive.keys()]).toEqual(["a"]);
      expect(engine.inspect("a", handle).status).toBe("running");
      rmSync(join(bench.home, "run", "a.exit"));
    });
  },
);

describe.runIf(process.platform === "linux")("a daemon that was started by one of its own apps", () => {
  let bench: Bench;
  beforeEach(() => {
    bench = makeBench("best");
  });
  afterEach(() => bench.dispose());

  it("does not die with that app's group", async () => {
    const nested = `const { createProcessEngine } = await import(${JSON.stringify(ENGINE)});
      createProcessEngine({ home: ${JSON.stringify(bench.home)} });
      console.log(process.pid);
      setInterval(() => {}, 1000);`;
    const [node, ...words] = [process.execPath, "--input-type=module", "-e", nested];
    // It hides its mark, as the command line does for the daemon that it starts.
    const clean = ["env", "-u", "GANTRY_INSTANCE", "setsid", node ?? "", ...words];
    const handle = await bench.engine.start(
      bench.order("a", ["sh", "-c", '"$@" & sleep 1000', "sh", ...clean]),
    );
    await expect.poll(() => bench.log("a"), { timeout: 5000 }).toMatch(/^\d+\n$/);
    const daemon = Number(bench.log("a"));
    try {
      if ((await bench.engine.probe()).tier.startsWith("control groups")) {
        await bench.engine.stop("a", handle, { signal: "HUP", timeoutMs: 0 });
        expect(lives(daemon)).toBe(true);
      }
    } finally {
      process.kill(daemon, "SIGKILL");
    }
  });
});
