// Instances whose shim was a waiting shell before: nothing about them may differ from those started directly.
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, readlinkSync, statSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Bench, lives, makeBench, type Tier } from "../../../test/helpers/process-bench.ts";
import { groupMembers } from "../../lib/cgroups.ts";
import { listProcesses, readCommandLine, readProcess } from "../../lib/processes.ts";
import { isAlive, readHandle } from "./handle.ts";
import { isAnyShim } from "./shim.ts";

const ENGINE = new URL("./process-engine.ts", import.meta.url).href;

const sparesOf = (parent: number): number[] =>
  listProcesses()
    .filter((entry) => entry.parent === parent && readCommandLine(entry.pid)[2]?.startsWith("# gantry-spare"))
    .map((entry) => entry.pid);

describe.runIf(process.platform === "linux").each<Tier>(["best", "mark"])("a spare shell (%s)", (tier) => {
  let bench: Bench;
  let spare: number;
  beforeEach(async () => {
    bench = makeBench(tier);
    const before = new Set(sparesOf(process.pid));
    const news = () => sparesOf(process.pid).filter((pid) => !before.has(pid));
    await bench.engine.start(bench.order("first", ["sleep", "1000"]));
    await expect.poll(news, { timeout: 5000 }).toHaveLength(1);
    spare = news()[0] ?? 0;
  });
  afterEach(() => bench.dispose());

  it("becomes the shim, and is one with its mark when the start returns", async () => {
    const handle = await bench.engine.start(bench.order("a", ["sleep", "1000"]));
    expect(handle.pid).toBe(spare);
    const known = readHandle(handle);
    const homeId = /GANTRY_HOME_ID=(\w+)/.exec(readFileSync(`/proc/${spare}/environ`, "latin1"))?.[1] ?? "";
    expect(known !== null && isAlive(known, "a", homeId)).toBe(true);
    expect(isAnyShim(readCommandLine(spare))).toBe(true);
    expect(readProcess(spare)?.session).toBe(spare);
    expect(readlinkSync(`/proc/${spare}/fd/0`)).toBe("/dev/null");
    if (known?.cgroup) await expect.poll(() => groupMembers(known.cgroup ?? "").length).toBe(2);
  });

  it("hands over environment, folder, arguments, umask and output exactly", async () => {
    const env = {
      PATH: "/usr/bin:/bin",
      QUOTES: `a "b" 'c' $d \`id\` $(id) #e \\`,
      SPACES: "  a \t ",
      EMPTY: "",
      UNICODE: "äöü ✓ Áあ\r",
      IFS: "x$",
      LD_LIBRARY_PATH: "/nowhere",
      ...{ f: "1", s: "2", w: "3" },
    };
    const script = "umask; readlink /proc/self/fd/0; ls -l /proc/self/fd | grep -c socket; true";
    const show = `console.log(JSON.stringify({ env: process.env, argv: process.argv.slice(1), cwd: process.cwd() }));
      console.log(require("child_process").execFileSync("sh", ["-c", ${JSON.stringify(script)}], { stdio: [0, "pipe", 2] }).toString());`;
    const argv = [
      process.execPath,
      "-e",
      show.replaceAll("\n", " "),
      "--",
      "$HOME; id",
      "",
      " a b ",
      "--",
      "'\"\\",
    ];
    const handle = await bench.engine.start(bench.order("a", argv, { env }));
    expect(handle.pid).toBe(spare);
    const ended = { status: "ended", exit: { code: 0, signal: null } };
    await expect.poll(() => bench.engine.inspect("a", handle), { timeout: 5000 }).toEqual(ended);
    const [first = "", umask, stdin, sockets] = bench.log("a").split("\n");
    const seen = JSON.parse(first);
    expect(seen).toMatchObject({ env, argv: argv.slice(4), cwd: bench.home });
    expect(
      Object.keys(seen.env)
        .filter((name) => !(name in env) && !["PWD", "SHLVL", "_"].includes(name))
        .sort(),
    ).toEqual(["GANTRY_HOME_ID", "GANTRY_INSTANCE"]);
    expect([umask, stdin, sockets]).toEqual(["0022", "/dev/null", "0"]);
    expect(statSync(`${bench.home}/logs/a.log`).mode & 0o777).toBe(0o600);
  });

  it.each([
    ["a line end in a value", { LINES: "one\ntwo" }],
    ["a variable that shells keep to themselves", { OPTIND: "1", line: "y" }],
    ["very much of it", { BIG: "x".repeat(100_000) }],
  ])("leaves to a new shell what it can't take: %s", async (_, more) => {
    const env = { PATH: "/usr/bin:/bin", ...more };
    const handle = await bench.engine.start(bench.order("a", ["env", "-0"], { env }));
    expect(handle.pid).not.toBe(spare);
    await expect.poll(() => bench.engine.inspect("a", handle).status).toBe("ended");
    for (const [name, value] of Object.entries(more)) expect(bench.log("a")).toContain(`${name}=${value}\0`);
    expect(lives(spare)).toBe(true);
  });

  it("is done without when it was killed", async () => {
    process.kill(spare, "SIGKILL");
    await expect.poll(() => lives(spare)).toBe(false);
    const handle = await bench.engine.start(bench.order("a", ["sh", "-c", "exit 3"]));
    await expect
      .poll(() => bench.engine.inspect("a", handle))
      .toEqual({ status: "ended", exit: { code: 3, signal: null } });
  });

  it("ends with its engine", async () => {
    bench.engine.close();
    await expect.poll(() => lives(spare)).toBe(false);
  });
});

it.runIf(process.platform === "linux")(
  "neither spare nor an instance without a row outlives a killed daemon",
  async () => {
    const bench = makeBench("best");
    const program = `const engine = (await import(${JSON.stringify(ENGINE)})).createProcessEngine({ home: ${JSON.stringify(bench.home)} });
    const orders = JSON.parse(process.argv[1]);
    await engine.start(orders[0]);
    setTimeout(() => engine.start({ ...orders[1], stored: new Promise(() => {}) }), 400);
    setTimeout(() => console.log("now"), 700);
    setInterval(() => {}, 1000);`;
    const orders = [bench.order("a", ["sleep", "1000"]), bench.script("b", "echo ran; sleep 1000")];
    const daemon: ChildProcess = spawn(
      process.execPath,
      ["--input-type=module", "-e", program, JSON.stringify(orders)],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    await new Promise((resolve) => daemon.stdout?.once("data", resolve));
    const children = listProcesses().filter((entry) => entry.parent === daemon.pid);
    expect(children.length).toBeGreaterThanOrEqual(2);
    daemon.kill("SIGKILL");
    const left = () => children.filter(({ pid }) => lives(pid)).map(({ pid }) => readCommandLine(pid)[4]);
    await expect.poll(left).toEqual([`${bench.home}/run/a.exit`]);
    expect(bench.log("b")).toBe("");
    await bench.dispose();
  },
);
