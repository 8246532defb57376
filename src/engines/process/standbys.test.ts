// Processes that wait to become instances: they do, whole and under their mark; and nothing is left of those that don't.
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Bench, lives, makeBench, type Tier } from "../../../test/helpers/process-bench.ts";
import type { Engine, LaunchOrder } from "../../domain/engine.ts";
import type { Handle } from "../../domain/instance.ts";
import { groupMembers } from "../../lib/cgroups.ts";
import { readHandle } from "./handle.ts";

const ENGINE = new URL("./process-engine.ts", import.meta.url).href;
/** Becomes what it is told, as a program does that can. */
const PROGRAM = `console.log("waiting");
const { createInterface } = require("node:readline");
const input = require("node:fs").createReadStream(process.env.GANTRY_STANDBY);
createInterface({ input }).once("line", (line) => {
  const { argv, cwd, env } = JSON.parse(line);
  process.chdir(cwd);
  console.log(JSON.stringify({ argv, env, cwd: process.cwd() }));
  input.destroy();
  setInterval(() => {}, 1000);
});`;

describe.runIf(process.platform === "linux").each<Tier>(["best", "mark"])("a standby (%s)", (tier) => {
  let bench: Bench;
  let engine: Engine & Required<Pick<Engine, "prepare">>;
  beforeEach(() => {
    bench = makeBench(tier);
    engine = bench.engine as typeof engine;
  });
  afterEach(() => bench.dispose());

  const waiting = async (id: string, change?: Partial<LaunchOrder>): Promise<Handle> => {
    const handle = await engine.prepare(bench.order(id, [process.execPath, "-e", PROGRAM], change));
    await expect.poll(() => bench.log(id), { timeout: 10_000 }).toContain("waiting");
    return handle;
  };
  const pipes = (): string[] => readdirSync(`${bench.home}/run`).filter((name) => name.endsWith(".fifo"));

  it("becomes the instance, with exactly its arguments, folder and variables", async () => {
    const handle = await waiting("a");
    const env = { PATH: "/usr/bin:/bin", QUOTES: `a "b" 'c' $d\n\\`, UNICODE: "äö ✓", "NOT-PORTABLE": "x" };
    const order = bench.order("a", ["/bin/sh", "-c", "$HOME", ""], { env, cwd: "/tmp" });
    expect(await engine.start(order)).toEqual(handle);
    await expect.poll(() => bench.log("a").split("\n").length).toBeGreaterThan(2);
    const { "NOT-PORTABLE": _, ...passed } = env;
    expect(JSON.parse(bench.log("a").split("\n")[1] ?? "")).toEqual({
      argv: order.argv,
      cwd: "/tmp",
      env: { ...passed, GANTRY_INSTANCE: "a", GANTRY_HOME_ID: expect.stringMatching(/^\w{12}$/) },
    });
    expect(await engine.start(order)).toEqual(handle);
    expect(engine.inspect("a", handle)).toMatchObject({ status: "running" });
    const group = readHandle(handle)?.cgroup;
    if (group) await expect.poll(() => groupMembers(group).length).toBe(2);
    await engine.stop("a", handle, { signal: "TERM", timeoutMs: 5_000 });
    expect(engine.inspect("a", handle)).toEqual({ status: "ended", exit: { code: null, signal: "TERM" } });
    await engine.remove("a", handle);
    expect(pipes()).toEqual([]);
  });

  it("need not have opened its FIFO yet", async () => {
    const slow = `setTimeout(() => { ${PROGRAM} }, 500);`;
    const handle = await engine.prepare(bench.order("a", [process.execPath, "-e", slow]));
    expect(await engine.start(bench.order("a", ["/bin/true"]))).toEqual(handle);
    await expect.poll(() => bench.log("a"), { timeout: 10_000 }).toContain("argv");
  });

  it("hears nothing before the row is stored", async () => {
    await waiting("a");
    const { promise, resolve } = Promise.withResolvers<void>();
    const started = engine.start(bench.order("a", ["/bin/true"], { stored: promise }));
    await new Promise((done) => setTimeout(done, 200));
    expect(bench.log("a")).toBe("waiting\n");
    resolve();
    await started;
    await expect.poll(() => bench.log("a")).toContain("argv");
  });

  it.each<[string, (handle: Handle) => Promise<void>, Partial<LaunchOrder>]>([
    [
      "was killed",
      async ({ pid }) => {
        process.kill(Number(pid), "SIGKILL");
        while (lives(Number(pid)));
      },
      {},
    ],
    [
      "ended by itself",
      async (handle) => {
        const { pid } = engine.inspect("a", handle) as { pid: number };
        process.kill(pid, "SIGTERM");
        await expect.poll(() => engine.inspect("a", handle).status).toBe("ended");
      },
      {},
    ],
    ["is told too much", async () => {}, { env: { BIG: "x".repeat(100_000), PATH: "/usr/bin:/bin" } }],
  ])("is replaced by a start from nothing when it %s", async (_, spoil, change) => {
    const handle = await waiting("a");
    await spoil(handle);
    const again = await engine.start(bench.script("a", "echo from nothing; sleep 1000", change));
    expect(again.pid).not.toBe(handle.pid);
    await expect.poll(() => bench.log("a")).toContain("from nothing");
    expect(engine.inspect("a", again)).toMatchObject({ status: "running" });
    await expect.poll(() => lives(Number(handle.pid))).toBe(false);
  });

  it("leaves the refusal to the start from nothing, and does not wait on", async () => {
    const handle = await waiting("a");
    await expect(engine.start(bench.order("a", ["no-such-command"]))).rejects.toMatchObject({
      code: "start-failed",
    });
    await expect.poll(() => lives(Number(handle.pid))).toBe(false);
  });

  it("ends when it is removed, and when its engine is closed", async () => {
    const removed = await waiting("a");
    await engine.remove("a", removed);
    expect(lives(Number(removed.pid))).toBe(false);
    const closed = await waiting("b");
    engine.close();
    await expect.poll(() => lives(Number(closed.pid))).toBe(false);
    expect(pipes()).toEqual([]);
  });

  it("ends by itself after a killed daemon, else the next one finds it as an orphan", async () => {
    const program = `const engine = (await import(${JSON.stringify(ENGINE)})).createProcessEngine({ home: ${JSON.stringify(bench.home)}, tier: "${tier}" });
    for (const order of JSON.parse(process.argv[1])) await engine.prepare(order);
    console.log("now");
    setInterval(() => {}, 1000);`;
    const orders = [
      bench.order("good", [process.execPath, "-e", PROGRAM]),
      bench.script("stubborn", "exec sleep 1000"),
    ];
    const daemon = spawn(process.execPath, ["--input-type=module", "-e", program, JSON.stringify(orders)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((resolve) => daemon.stdout?.once("data", resolve));
    await expect
      .poll(() => existsSync(`${bench.home}/logs/good.log`) && bench.log("good"), { timeout: 10_000 })
      .toContain("waiting");
    daemon.kill("SIGKILL");
    const next = bench.another();
    await expect
      .poll(async () => [...(await next.adopt([])).orphans.keys()], { timeout: 5_000 })
      .toEqual(["stubborn"]);
  });
});
