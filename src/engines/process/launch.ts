// Starts the shim of one instance: checks, log file, groups, spawn. Synchronous up to the running process.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { LaunchOrder } from "../../domain/engine.ts";
import { GantryError } from "../../domain/errors.ts";
import { bootId, readProcess } from "../../lib/processes.ts";
import { findExecutable } from "./executable.ts";
import { HOME_VARIABLE, INSTANCE_VARIABLE, type ProcessHandle } from "./handle.ts";
import type { InstanceGroups } from "./instance-groups.ts";
import { shimCall } from "./shim.ts";

export interface Launched {
  child: ChildProcess;
  handle: ProcessHandle;
  /** Variables that could not be passed on, and limits that do not hold here. */
  warnings: string[];
}

/** Throws `start-failed` (or `disk-full`) and leaves nothing behind then. */
export function launch(
  order: LaunchOrder,
  exitFile: string,
  homeId: string,
  groups: InstanceGroups,
): Launched {
  const program = findExecutable(order);
  const log = openLog(order.logFile);
  try {
    rmSync(exitFile, { force: true });
    const { cgroup, limits, refused } = groups.make(order.instanceId, order.resources);
    const join = cgroup === null ? limits : [cgroup, ...limits];
    const marks = { [INSTANCE_VARIABLE]: order.instanceId, [HOME_VARIABLE]: homeId };
    const call = shimCall([program, ...order.argv.slice(1)], { ...order.env, ...marks }, exitFile, join);
    const child = spawnShim(order, call, log, () => groups.remove(order.instanceId, []));
    const warnings = [
      ...call.dropped.map((name) => `the variable ${JSON.stringify(name)} can't be passed to a program`),
      ...refused.map((controller) => `the ${controller} limit can't be set on this machine`),
    ];
    return { child, handle: handleOf(child.pid ?? 0, cgroup, limits), warnings };
  } finally {
    closeSync(log);
  }
}

function spawnShim(
  order: LaunchOrder,
  call: { args: string[]; env: Record<string, string> },
  log: number,
  undo: () => void,
): ChildProcess {
  let child: ChildProcess | null = null;
  let failure: unknown = null;
  try {
    const stdio = ["ignore", log, log] as ["ignore", number, number];
    child = spawn("/bin/sh", call.args, { cwd: order.cwd, env: call.env, detached: true, stdio });
    // Node tells why only later; without a listener it would be thrown.
    child.on("error", () => {});
  } catch (error) {
    failure = error;
  }
  if (child?.pid !== undefined) {
    child.unref();
    return child;
  }
  undo();
  const code = (failure as NodeJS.ErrnoException | null)?.code ?? "";
  const reason =
    code === "E2BIG"
      ? "the command line and environment are too long for this system"
      : "the system could not start another process (out of processes, memory or open files)";
  throw new GantryError("start-failed", { reason: code === "" ? reason : `${reason}: ${code}` }, failure);
}

function handleOf(pid: number, cgroup: string | null, limits: string[]): ProcessHandle {
  const startTime = readProcess(pid)?.startTime ?? "";
  const tier = cgroup === null ? "mark" : "cgroup";
  return { engine: "process", pid, startTime, bootId: bootId(), tier, cgroup, limits: limits.join(":") };
}

function openLog(path: string): number {
  try {
    return openSync(path, "a", 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOSPC" || code === "EDQUOT") throw new GantryError("disk-full", {}, error);
    if (code !== "ENOENT") throw cannotLog(path, error);
  }
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, "a", 0o600);
  } catch (error) {
    throw cannotLog(path, error);
  }
}

const cannotLog = (path: string, error: unknown): GantryError =>
  new GantryError(
    "start-failed",
    {
      reason: `the log file ${path} can't be opened (${(error as NodeJS.ErrnoException).code ?? "unknown error"})`,
    },
    error,
  );
