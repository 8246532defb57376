import { type ChildProcess, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { until } from "../../test/helpers/until.ts";
import { keeperOf, startKeeper } from "./keeper.ts";

let dir: string;
let keepers: ChildProcess[];

beforeEach(() => {
  dir = mkdtempSync("/tmp/gk-");
  keepers = [];
});

afterEach(async () => {
  for (const { pid } of keepers) {
    try {
      if (pid !== undefined) process.kill(-pid, "SIGKILL");
    } catch {}
  }
  rmSync(dir, { recursive: true, force: true });
});

/** A daemon that writes its PID to a file and then does what `body` says; `lives` counts from 1. */
function keep(body: string, more: { pid?: number } = {}): Promise<number | null> {
  const daemonFile = join(dir, "daemon.mjs");
  writeFileSync(
    daemonFile,
    `import { appendFileSync, readFileSync } from "node:fs";
     appendFileSync(${JSON.stringify(join(dir, "pids"))}, process.pid + "\\n");
     const lives = readFileSync(${JSON.stringify(join(dir, "pids"))}, "utf8").trim().split("\\n").length;
     ${body}`,
  );
  const keeper = startKeeper({
    program: process.execPath,
    daemonFile,
    logFile: join(dir, "daemon.log"),
    env: { ...process.env, MARK: "of the user" },
    ...more,
  });
  keepers.push(keeper);
  return new Promise((resolve) => keeper.once("exit", resolve));
}

/** The PID of a daemon that ran until a moment ago. */
const keptAlready = (): number => spawnSync("true").pid;

const pids = (): number[] =>
  existsSync(join(dir, "pids")) ? readFileSync(join(dir, "pids"), "utf8").trim().split("\n").map(Number) : [];

describe("the keeper", () => {
  test.each([0, 75, 78])("ends with a daemon that ends with %i", async (status) => {
    expect(await keep(`process.exit(${status})`)).toBe(status);
    expect(pids()).toHaveLength(1);
  });

  test("starts a daemon that failed again, until it ends as it should", async () => {
    expect(await keep("process.exit(lives < 3 ? 1 : 0)")).toBe(0);
    expect(pids()).toHaveLength(3);
  });

  test("starts a daemon that was killed again", async () => {
    const ended = keep("setTimeout(() => process.exit(lives > 1 ? 0 : 1), lives > 1 ? 0 : 60_000)");
    const [first] = await until("the daemon", () => pids().length > 0 && pids());
    process.kill(first!, "SIGKILL");
    expect(await ended).toBe(0);
    expect(pids()).toHaveLength(2);
  });

  test("ends when another one keeps the daemon by now, and goes on where it is named itself", async () => {
    const name = (pid: string) =>
      `(await import("node:fs")).writeFileSync(${JSON.stringify(join(dir, "keeper"))}, ${pid} + "\\n");`;
    const own = 'process.argv[process.argv.indexOf("--kept") + 1]';
    expect(await keep(`${name(`(lives < 3 ? ${own} : 1)`)} process.exit(1)`)).toBe(75);
    expect(pids()).toHaveLength(3);
  });

  test("goes on trying a daemon that ran before and can't start at the moment", async () => {
    const ended = keep("process.exit(lives < 2 ? 78 : 0)", { pid: keptAlready() });
    expect(await ended).toBe(0);
    expect(pids()).toHaveLength(2);
  });

  test("waits longer only after short lives", async () => {
    const times = join(dir, "times");
    const note = (what: string) =>
      `appendFileSync(${JSON.stringify(times)}, ${JSON.stringify(what)} + Date.now() + "\\n");`;
    await keep(`${note("start ")}
      const lasting = lives === 5 ? 4_000 : 0;
      setTimeout(() => { ${note("end ")} process.exit(lives < 6 ? 1 : 0); }, lasting);`);
    const at = readFileSync(times, "utf8")
      .trim()
      .split("\n")
      .map((line) => Number(line.split(" ")[1]));
    const gapAfter = (life: number): number => at[2 * life]! - at[2 * life - 1]!;
    expect(gapAfter(4)).toBeGreaterThan(gapAfter(1));
    expect(gapAfter(5)).toBeLessThan(gapAfter(4));
  });

  test("does not start a daemon again that TERM has ended before it could listen", async () => {
    const ended = keep("setTimeout(() => {}, 60_000)");
    const [pid] = await until("the daemon", () => pids().length > 0 && pids());
    process.kill(pid!, "SIGTERM");
    expect(await ended).toBe(143);
    expect(pids()).toHaveLength(1);
  });

  test("takes over from a daemon that has lost its keeper", async () => {
    const waiting = keep("process.exit(0)", { pid: process.pid });
    await until("the keeper to wait", () => keepers[0]?.pid !== undefined);
    expect(pids()).toEqual([]);
    process.kill(-keepers[0]!.pid!, "SIGKILL");
    await waiting;
    const { pid } = keepers[0]!;
    expect(await keep("process.exit(0)", { pid: pid! })).toBe(0);
    expect(pids()).toHaveLength(1);
  });

  test("runs the daemon with the user's environment, in a session of its own, and keeps its words private", async () => {
    await keep(
      `import("node:fs").then(({ readFileSync }) => {
        const stat = readFileSync("/proc/self/stat", "utf8").split(") ")[1].split(" ");
        console.log(JSON.stringify({ mark: process.env.MARK, session: Number(stat[3]), cwd: process.cwd(), umask: process.umask(), args: process.argv.slice(2) }));
        process.exit(0);
      })`,
    );
    const said = JSON.parse(readFileSync(join(dir, "daemon.log"), "utf8"));
    expect(said).toEqual({
      mark: "of the user",
      session: keepers[0]!.pid,
      cwd: "/",
      umask: 0o077,
      args: ["--kept", String(keepers[0]!.pid)],
    });
  });

  test("is known to the daemon also when it was killed while the daemon was on its way up", () => {
    expect(keeperOf(["node", "daemon.js", "--kept", "4711"])).toBe(4711);
    expect(keeperOf(["node", "daemon.js", "--kept"])).toBe(process.ppid);
    expect(keeperOf(["node", "daemon.js"])).toBeNull();
  });
});
