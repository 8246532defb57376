// The process table, compared with real processes.
import { type ChildProcess, spawn } from "node:child_process";
import { afterEach, describe, expect, it } from "vitest";
import {
  bootId,
  firstChild,
  isDead,
  listProcesses,
  type ProcessEntry,
  readCommandLine,
  readEnvironment,
  readProcess,
  residentBytes,
  variableOf,
  withRelatives,
} from "./processes.ts";

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
const run = (argv: string[], env: Record<string, string> = {}): ChildProcess => {
  const child = spawn(argv[0] ?? "", argv.slice(1), {
    env: { PATH: "/usr/bin:/bin", ...env },
    stdio: "ignore",
  });
  children.push(child);
  return child;
};

describe.runIf(process.platform === "linux")("a process", () => {
  it("is described as it is", async () => {
    const child = run(["sleep", "1000"], { A: "1", AB: "x=y" });
    const pid = child.pid ?? 0;
    await expect.poll(() => readProcess(pid)?.name).toBe("sleep");
    await expect.poll(() => readProcess(pid)?.state).toBe("S");
    expect(readProcess(pid)).toMatchObject({ pid, parent: process.pid });
    expect(readProcess(pid)?.startTime).toMatch(/^\d+$/);
    expect(readCommandLine(pid)).toEqual(["sleep", "1000"]);
    const environment = readEnvironment(pid) ?? "";
    expect([variableOf(environment, "A"), variableOf(environment, "AB")]).toEqual(["1", "x=y"]);
    expect(variableOf(environment, "B")).toBeUndefined();
    expect(residentBytes(process.pid)).toBeGreaterThan(10_000_000);
    expect(residentBytes(2 ** 22 + 1)).toBe(0);
    expect(firstChild(process.pid)).not.toBeNull();
    expect(firstChild(pid)).toBeNull();
  });

  it("may have a name with spaces and parentheses", async () => {
    const script = "printf '%s' 'a) R 1 (b' > /proc/self/comm; read x < /dev/zero";
    const pid = run(["bash", "-c", script]).pid ?? 0;
    await expect.poll(() => readProcess(pid)?.name).toBe("a) R 1 (b");
    expect(readProcess(pid)?.parent).toBe(process.pid);
  });

  it("is dead as a zombie, and null when it is gone", async () => {
    // `exec sleep` never waits for the child of the shell before it.
    const pid = run(["sh", "-c", "sleep 0 & exec sleep 1000"]).pid ?? 0;
    await expect.poll(() => readProcess(firstChild(pid) ?? 0)?.state).toBe("Z");
    const zombie = firstChild(pid) ?? 0;
    expect(isDead(readProcess(zombie) as ProcessEntry)).toBe(true);
    expect(process.kill(zombie, 0)).toBe(true);
    expect(listProcesses().some((one) => one.pid === zombie)).toBe(false);
    expect(readProcess(2 ** 22 + 1)).toBeNull();
    expect(readEnvironment(2 ** 22 + 1)).toBeNull();
  });

  it("runs in a boot that has a name", () => {
    expect(bootId()).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("relatives", () => {
  const entry = (pid: number, parent: number, session: number): ProcessEntry => ({
    pid,
    parent,
    session,
    group: pid,
    state: "S",
    startTime: "1",
    cpuMs: 0,
    name: "x",
  });
  it("are children, their children in new sessions, and what shares a session", () => {
    const table = [
      entry(9, 7, 9),
      entry(1, 0, 1),
      entry(5, 1, 5),
      entry(6, 5, 5),
      entry(7, 6, 7),
      entry(8, 1, 7),
    ];
    expect([...withRelatives(table, [5])].sort()).toEqual([5, 6, 7, 8, 9]);
    expect([...withRelatives(table, [])]).toEqual([]);
  });
});
