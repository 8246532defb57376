// The process engine on real processes: the contract of engines in both tiers, and what is special to processes.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { engineContract } from "../../../test/contracts/engine.ts";
import {
  type Bench,
  commandOf,
  freePort,
  lives,
  makeBench,
  type Tier,
} from "../../../test/helpers/process-bench.ts";
import type { Handle } from "../../domain/instance.ts";
import { groupMembers } from "../../lib/cgroups.ts";
import { listProcesses, readEnvironment, readProcess } from "../../lib/processes.ts";

const TERM = { signal: "TERM", timeoutMs: 10_000 };
const HASTY = { signal: "TERM", timeoutMs: 200 };
const linux = process.platform === "linux";
const TIERS: Tier[] = ["best", "mark"];

for (const tier of TIERS)
  engineContract(
    `process (${tier})`,
    async () => {
      const bench = makeBench(tier);
      return {
        ...bench,
        order: (id, program) => bench.order(id, commandOf(program)),
        deaf: (id) => expect.poll(() => bench.log(id), { timeout: 5000 }).toBe("deaf\n"),
      };
    },
    linux ? { ports: { freePort } } : {},
  );

/** Process ids that the app wrote into its log, one a line. */
const pidsIn = (text: string): number[] =>
  text.split("\n").filter(Boolean).map(Number).filter(Number.isInteger);

describe.runIf(linux).each(TIERS)("process engine (%s)", (tier) => {
  let bench: Bench;
  beforeEach(() => {
    bench = makeBench(tier);
  });
  afterEach(() => bench.dispose());

  const untilLogged = async (id: string, lines: number) => {
    await expect
      .poll(() => bench.log(id).split("\n").length - 1, { timeout: 5000 })
      .toBeGreaterThanOrEqual(lines);
    return pidsIn(bench.log(id));
  };

  it.each([
    ["a child", "sleep 1000 & echo $!; wait"],
    [
      "a double fork in a session of its own",
      "(setsid sh -c 'echo $$; exec sleep 1000' &) ; echo $$; sleep 1000",
    ],
    ["nohup", "nohup sleep 1000 >/dev/null 2>&1 & echo $!; wait"],
    [
      "TERM ignored by a grandchild",
      "(trap '' TERM; setsid sh -c 'echo $$; sleep 1000; sleep 1000' &) ; echo $$; sleep 1000",
    ],
    ["a daemon whose parent ended", "setsid sleep 1000 & echo $!; sleep 0.05; exec sleep 1000"],
  ])("stop leaves nothing: %s", async (_, script) => {
    const handle = await bench.engine.start(bench.script("a", script));
    const pids = await untilLogged("a", 1);
    await expect.poll(() => pids.every(lives)).toBe(true);
    await bench.engine.stop("a", handle, { signal: "TERM", timeoutMs: 500 });
    expect(pids.filter(lives)).toEqual([]);
    expect(lives(Number(handle.pid))).toBe(false);
  });

  it("stop leaves nothing of an app that forks while it is stopped", async () => {
    const script =
      "trap '' TERM; while :; do (setsid sh -c 'trap : TERM; echo $$; sleep 1000; sleep 1000' &); sleep 0.02; done";
    const handle = await bench.engine.start(bench.script("a", script));
    await untilLogged("a", 3);
    expect(await bench.engine.stop("a", handle, HASTY)).toMatchObject({ killed: true });
    expect(pidsIn(bench.log("a")).filter(lives)).toEqual([]);
    const known = pidsIn(bench.log("a")).length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(pidsIn(bench.log("a"))).toHaveLength(known);
  });

  it("stops an app that is itself stopped (SIGSTOP)", async () => {
    const handle = await bench.engine.start(bench.script("a", "kill -STOP $$; sleep 1000"));
    await expect.poll(() => stateOfApp(Number(handle.pid))).toBe("T");
    expect(await bench.engine.stop("a", handle, HASTY)).toEqual({
      exit: { code: null, signal: "TERM" },
      killed: false,
    });
  });

  it("stop right after start does not wait for its time-out", async () => {
    const handle = await bench.engine.start(bench.order("a", ["sleep", "1000"]));
    expect(await bench.engine.stop("a", handle, TERM)).toMatchObject({ killed: false });
  });

  it("lets an app end in its own way, and hears nothing of its helpers' start", async () => {
    const script =
      "trap 'sh -c \"sleep 0.1; echo cleaned\"; exit 5' TERM; echo ready; while :; do sleep 0.05; done";
    const handle = await bench.engine.start(bench.script("a", script));
    await untilLogged("a", 1);
    const report = await bench.engine.stop("a", handle, TERM);
    expect(report).toEqual({ exit: { code: 5, signal: null }, killed: false });
    expect(bench.log("a")).toContain("cleaned");
  });

  it.each(["INT", "QUIT", "HUP", "USR1"])(
    "asks with %s, which is not ignored for the app's sake",
    async (signal) => {
      const handle = await bench.engine.start(bench.order("a", ["sleep", "1000"]));
      expect(await bench.engine.stop("a", handle, { signal, timeoutMs: 5000 })).toEqual({
        exit: { code: null, signal },
        killed: false,
      });
    },
  );

  it("hands over environment, folder, arguments and output exactly", async () => {
    const env = {
      PATH: "/usr/bin:/bin",
      QUOTES: `a "b" 'c' $d #e \\`,
      LINES: "one\ntwo\n",
      EMPTY: "",
      UNICODE: "äöü ✓",
      IFS: "x$",
      LD_LIBRARY_PATH: "/nowhere",
      MALLOC_NOTE: `a "b" 'c' $d \`id\` $(id) \\\\\n*; x\n`,
      GANTRY_PARCEL_0: "the app's own",
      ...{ f: "1", s: "2", _line: "3" },
    };
    const show =
      "process.stdout.write(JSON.stringify({env: process.env, argv: process.argv.slice(1), cwd: process.cwd()})); process.stderr.write('!')";
    const argv = [process.execPath, "-e", show, "--", "$HOME; id", "", "a b", "--", "'\"\\"];
    const order = bench.order("a", argv, { env });
    const handle = await bench.engine.start(order);
    await expect
      .poll(() => bench.engine.inspect("a", handle))
      .toEqual({ status: "ended", exit: { code: 0, signal: null } });
    const text = bench.log("a");
    expect(text.endsWith("!")).toBe(true);
    const seen = JSON.parse(text.slice(0, -1));
    expect(seen.env).toMatchObject({ ...env, GANTRY_INSTANCE: "a" });
    const extra = Object.keys(seen.env).filter((name) => !(name in env));
    expect(extra.filter((name) => !["PWD", "OLDPWD", "SHLVL", "_"].includes(name)).sort()).toEqual([
      "GANTRY_HOME_ID",
      "GANTRY_INSTANCE",
    ]);
    expect(seen.argv).toEqual(argv.slice(4));
    expect(seen.cwd).toBe(bench.home);
    expect(statSync(order.logFile).mode & 0o777).toBe(0o600);
  });

  it("writes stderr into a file of its own where that is asked for", async () => {
    const errFile = join(bench.home, "errors", "a.err");
    const handle = await bench.engine.start(bench.script("a", "echo out; echo err >&2", { errFile }));
    await expect.poll(() => bench.engine.inspect("a", handle).status).toBe("ended");
    expect([bench.log("a"), readFileSync(errFile, "utf8")]).toEqual(["out\n", "err\n"]);
    expect(statSync(errFile).mode & 0o777).toBe(0o600);
  });

  it("shows no variable in the list of processes", async () => {
    const env = { PATH: "/usr/bin:/bin", LD_HIDDEN: "unseen-1", ENV: "unseen-2", PLAIN: "unseen-3" };
    const handle = await bench.engine.start(bench.order("a", ["sleep", "1000"], { env }));
    const mine = (): number[] =>
      listProcesses()
        .filter(({ pid }) => readEnvironment(pid)?.includes("unseen-1"))
        .map(({ pid }) => pid);
    await expect.poll(() => mine().length).toBeGreaterThan(1);
    for (const pid of mine()) expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).not.toContain("unseen");
    await bench.engine.stop("a", handle, HASTY);
  });

  it("never runs a builtin of the shell in place of the program", async () => {
    const handle = await bench.engine.start(
      bench.order("a", ["kill", "-l", "TERM"], { env: { PATH: "/bin:/usr/bin" } }),
    );
    await expect.poll(() => bench.engine.inspect("a", handle).status).toBe("ended");
    await expect(bench.engine.start(bench.order("b", ["exit", "3"]))).rejects.toMatchObject({
      code: "start-failed",
    });
  });

  it("writes nothing of its own into the app's log", async () => {
    const handle = await bench.engine.start(bench.script("a", "echo out; kill -9 $$"));
    await expect.poll(() => bench.engine.inspect("a", handle).status).toBe("ended");
    expect(bench.log("a")).toBe("out\n");
  });

  it("shows the app's own process id", async () => {
    const handle = await bench.engine.start(bench.script("a", "echo $$; exec sleep 1000"));
    const [pid] = await untilLogged("a", 1);
    expect(bench.engine.inspect("a", handle)).toEqual({ status: "running", pid });
  });

  it("treats an instance as ended when its shim is killed, and removes what is left", async () => {
    const ends: string[] = [];
    bench.engine.onEnd((id) => ends.push(id));
    const handle = await bench.engine.start(bench.script("a", "echo $$; exec sleep 1000"));
    const [pid = 0] = await untilLogged("a", 1);
    process.kill(Number(handle.pid), "SIGKILL");
    await expect.poll(() => ends).toEqual(["a"]);
    expect(bench.engine.inspect("a", handle).status).toBe("ended");
    expect(lives(pid)).toBe(true);
    await bench.engine.remove("a", handle);
    expect(lives(pid)).toBe(false);
  });

  it("never adopts nor signals a bystander with a reused process id", async () => {
    const bystander = await bench.engine.start(bench.order("bystander", ["sleep", "1000"]));
    const handles = {
      otherInstance: { ...bystander, cgroup: null },
      otherTime: { ...bystander, startTime: "1", cgroup: null },
      otherBoot: { ...bystander, bootId: "00000000-0000-0000-0000-000000000000", cgroup: null },
      ourselves: {
        ...bystander,
        pid: process.pid,
        startTime: readProcess(process.pid)?.startTime ?? "",
        cgroup: null,
      },
      init: { ...bystander, pid: 1, startTime: readProcess(1)?.startTime ?? "", cgroup: null },
    };
    const later = bench.another();
    for (const [id, handle] of Object.entries(handles)) {
      const found = await later.adopt([{ instanceId: id, handle }]);
      expect(found.alive.size).toBe(0);
      expect(later.inspect(id, handle)).toEqual({ status: "ended", exit: null });
      await later.stop(id, handle, HASTY);
      await later.remove(id, handle);
    }
    for (const change of [{ startTime: "1" }, { pid: process.pid }]) {
      const other = { ...bystander, ...change };
      expect(later.inspect("bystander", other)).toEqual({ status: "ended", exit: null });
      expect((await later.adopt([{ instanceId: "bystander", handle: other }])).alive.size).toBe(0);
    }
    const rebooted = { ...bystander, bootId: "00000000-0000-0000-0000-000000000000" };
    expect(later.inspect("bystander", rebooted)).toEqual({ status: "ended", exit: null });
    expect((await later.adopt([{ instanceId: "bystander", handle: rebooted }])).alive.size).toBe(0);
    expect(bench.engine.inspect("bystander", bystander).status).toBe("running");
  });

  it("leaves the processes of another home alone", async () => {
    const other = makeBench(tier);
    try {
      const theirs = await other.engine.start(other.order("a", ["sleep", "1000"]));
      const ours = await bench.engine.start(bench.order("a", ["sleep", "1000"]));
      expect((await bench.another().adopt([])).orphans.size).toBe(1);
      await bench.engine.stop("a", ours, TERM);
      await bench.engine.remove("a", null);
      expect(other.engine.inspect("a", theirs).status).toBe("running");
    } finally {
      await other.dispose();
    }
  });

  it.runIf(tier === "best")(
    "has everything in one control group soon after a start, alone or one of many",
    async () => {
      const fork = "sleep 1000 & (setsid sleep 1000 &) ; sleep 1000";
      const handles = new Map<string, Handle>();
      for (const id of ["alone", "second", "third"])
        handles.set(id, await bench.engine.start(bench.script(id, fork)));
      for (const handle of handles.values()) {
        if (handle.cgroup === null) continue; // No control groups on this machine: `probe` says so.
        const members = () => groupMembers(String(handle.cgroup));
        await expect.poll(members, { timeout: 5000 }).toHaveLength(5);
        expect(members()).toContain(handle.pid);
      }
    },
  );

  it("caps a fork bomb", async () => {
    const bomb = "b() { b | b & }; b; sleep 1000";
    const order = bench.script("a", bomb, { resources: { cpu: null, memoryBytes: null, pids: 30 } });
    const handle = await bench.engine.start(order);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await bench.engine.stats("a", handle))?.processes ?? 0).toBeLessThanOrEqual(30);
    await bench.engine.stop("a", handle, HASTY);
    await bench.engine.remove("a", handle);
    expect(listProcesses().filter((one) => one.session === handle.pid)).toEqual([]);
  });

  it("asks a halted app as politely as any other", async () => {
    const handle = await bench.engine.start(
      bench.script("a", "trap 'echo bye; exit 0' TERM; echo $$; while :; do sleep 0.05; done"),
    );
    const [pid = 0] = await untilLogged("a", 1);
    process.kill(pid, "SIGSTOP");
    const report = await bench.engine.stop("a", handle, TERM);
    expect(report).toEqual({ exit: { code: 0, signal: null }, killed: false });
    expect(bench.log("a")).toContain("bye");
  });

  it("limits memory", async () => {
    const eat = "const all = []; for (;;) all.push(Buffer.alloc(1 << 20, 1))";
    const resources = { cpu: 0.5, memoryBytes: 100 << 20, pids: null };
    const handle = await bench.engine.start(bench.order("a", [process.execPath, "-e", eat], { resources }));
    await expect.poll(() => bench.engine.inspect("a", handle).status, { timeout: 10_000 }).toBe("ended");
    expect(bench.engine.inspect("a", handle)).toEqual({
      status: "ended",
      exit: { code: null, signal: "KILL" },
      outOfMemory: true,
    });
  });

  it("grows neither descriptors nor files nor zombies over 300 starts", async () => {
    const round = async (count: number) => {
      const ids = Array.from({ length: count }, (_, n) => `n${n}`);
      let ended = 0;
      const undo = bench.engine.onEnd(() => ended++);
      const handles = await Promise.all(ids.map((id) => bench.engine.start(bench.order(id, ["true"]))));
      await expect.poll(() => ended, { timeout: 10_000, interval: 10 }).toBe(count);
      await Promise.all(ids.map((id, n) => bench.engine.remove(id, handles[n] ?? null)));
      undo();
    };
    const count = () => readdirSync("/proc/self/fd").length;
    await round(20);
    const before = count();
    for (let n = 0; n < 6; n++) await round(50);
    // One for the spare shell, which comes when there was nothing to start for a while.
    expect(count()).toBeLessThanOrEqual(before + 1);
    expect(readdirSync(join(bench.home, "run"))).toEqual([]);
    const children = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").trim().split(" ");
    expect(children.filter((pid) => readProcess(Number(pid))?.state === "Z")).toEqual([]);
  });
});

/** State letter of the only child. */
const stateOfApp = (shim: number): string | undefined =>
  listProcesses().find((one) => one.parent === shim)?.state;
