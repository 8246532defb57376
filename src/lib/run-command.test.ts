import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCommand } from "./run-command.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "gantry-run-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const sh = (script: string, more: Partial<Parameters<typeof runCommand>[2]> = {}) =>
  runCommand("/bin/sh", ["-c", script], { cwd: dir, env: process.env, ...more });

/** Alive and not a zombie. */
function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

describe("runCommand", () => {
  it("gives exit code, standard output and the lines of both outputs", async () => {
    const seen: string[] = [];
    const result = await sh("echo out; echo err >&2; printf 'no end'; exit 3", {
      onLine: (line) => seen.push(line),
    });
    expect(result).toMatchObject({ code: 3, signal: null, timedOut: false, stdout: "out\nno end" });
    expect(result.lines.toSorted()).toEqual(["err", "no end", "out"]);
    expect(seen).toEqual(result.lines);
  });

  it("passes words as they are, without a shell", async () => {
    const result = await runCommand("printf", ["%s\n", "$(id); `id` *"], { cwd: dir, env: process.env });
    expect(result.stdout).toBe("$(id); `id` *\n");
  });

  it("rejects when the program is missing", async () => {
    await expect(runCommand("gantry-no-such", [], { cwd: dir, env: process.env })).rejects.toMatchObject({
      code: "ENOENT",
    });
  });

  it("keeps memory bounded and the file complete", async () => {
    const outputFile = join(dir, "log");
    const result = await sh("head -c 20000000 /dev/zero; seq 1 1000", { outputFile });
    expect(result.stdout.length).toBe(4 * 1024 * 1024);
    expect(result.lines).toHaveLength(200);
    expect(result.lines.at(-1)).toBe("1000");
    expect(statSync(outputFile).size).toBe(20_000_000 + 3893);
    expect(statSync(outputFile).mode & 0o777).toBe(0o600);
  });

  it.each([
    ["a child in the background", "sleep 1000 & echo $! > pid; wait"],
    ["a child in a process group of its own", "set -m; sleep 1000 & echo $! > pid; wait"],
    ["a program that ignores signals", "trap '' TERM INT HUP; echo $$ > pid; while :; do sleep 0.1; done"],
  ])("leaves nothing when aborted: %s", async (_name, script) => {
    const stop = new AbortController();
    const run = sh(`${script}`, { signal: stop.signal });
    await expect.poll(() => readPid()).toBeGreaterThan(0);
    const pid = readPid();
    stop.abort(new Error("enough"));
    await expect(run).rejects.toThrow("enough");
    await expect.poll(() => alive(pid)).toBe(false);
  });

  it("ends what takes too long", async () => {
    const result = await sh("echo $$ > pid; sleep 1000", { timeoutMs: 300 });
    expect(result).toMatchObject({ timedOut: true, signal: "SIGKILL", code: null });
  });

  it("does not wait for a daemon that holds the output open, and ends it", async () => {
    const result = await sh("sleep 1000 & echo $! > pid");
    expect(result.code).toBe(0);
    await expect.poll(() => alive(readPid())).toBe(false);
  });

  it("with a lifeline ends when this process is killed, and gives the same results otherwise", async () => {
    const ran = await runCommand("sh", ["-c", "echo $0 $1 >&2; exit 7", "a b", "$(c)"], {
      cwd: dir,
      env: process.env,
      lifeline: true,
    });
    expect(ran).toMatchObject({ code: 7, lines: ["a b $(c)"] });
    const killed = await sh("kill -9 $$", { lifeline: true });
    expect(killed).toMatchObject({ code: null, signal: "SIGKILL" });

    const program = `import { runCommand } from ${JSON.stringify(join(import.meta.dirname, "run-command.ts"))};
      await runCommand("sh", ["-c", "sleep 1000 & echo $$ $! > pids; wait"], { cwd: ".", env: process.env, lifeline: true });`;
    writeFileSync(join(dir, "parent.ts"), program);
    const parent = spawn(process.execPath, ["parent.ts"], { cwd: dir, stdio: "ignore" });
    const pids = () => (existsSync(join(dir, "pids")) ? readFileSync(join(dir, "pids"), "utf8").trim() : "");
    await expect.poll(pids, { timeout: 20_000 }).toMatch(/^\d+ \d+$/);
    const [first, second] = pids().split(" ").map(Number);
    expect([alive(first!), alive(second!)]).toEqual([true, true]);
    parent.kill("SIGKILL");
    await expect.poll(() => alive(first!) || alive(second!), { timeout: 20_000 }).toBe(false);
  });

  it("starts nothing once aborted", async () => {
    await expect(sh("touch started", { signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow("no");
    expect(() => statSync(join(dir, "started"))).toThrow();
  });
});

function readPid(): number {
  try {
    return Number(readFileSync(join(dir, "pid"), "utf8"));
  } catch {
    return 0;
  }
}
