// Starts the shim of one instance: checks, log file, groups, shell. Synchronous up to the running process.
import type { ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { LaunchOrder } from "../../domain/engine.ts";
import { GantryError } from "../../domain/errors.ts";
import { entranceLegacy, entranceUnified } from "../../lib/cgroups.ts";
import { bootId, readProcess } from "../../lib/processes.ts";
import { findExecutable } from "./executable.ts";
import { marksOf, type ProcessHandle } from "./handle.ts";
import type { InstanceGroups } from "./instance-groups.ts";
import { type Shell, startShell } from "./shell.ts";
import { SHIM, type ShimCall, shimCall } from "./shim.ts";
import type { Spare } from "./spare.ts";

export interface Launched {
  child: ChildProcess;
  handle: ProcessHandle;
  /** No process of the instance but the shim has a lower id. */
  since: number;
  /** Lets the app run. Resolves when the shim has heard it (or is dead): then its mark can be seen. */
  release(): Promise<void>;
  /** Variables that could not be passed on, and limits that do not hold here. */
  warnings: string[];
}

export interface LaunchPlace {
  homeId: string;
  groups: InstanceGroups;
  spare: Spare;
  exitFile(instanceId: string): string;
}

/**
 * Makes everything ready up to the app itself, which waits for `release`. Throws `start-failed` (or `disk-full`) and leaves nothing behind then. With `joinLater` the shim does not wait for its
 * v2 group: the caller moves it.
 */
export function launch(order: LaunchOrder, place: LaunchPlace, joinLater: boolean): Launched {
  const { homeId, groups, spare } = place;
  const exitFile = place.exitFile(order.instanceId);
  const program = findExecutable(order);
  checkSizes(order);
  const logs = openLogs(order);
  try {
    // A status from an earlier run of the same id would end this one.
    rmSync(exitFile, { force: true });
    const { cgroup, limits, refused } = groups.make(order.instanceId, order.resources);
    const entrances = limits.map(entranceLegacy);
    if (cgroup !== null && !joinLater) entrances.push(entranceUnified(cgroup));
    const marks = marksOf(order.instanceId, homeId);
    const call = shimCall([program, ...order.argv.slice(1)], { ...order.env, ...marks }, exitFile, entrances);
    const taken = order.errFile === undefined ? spare.take(call, order.cwd, order.logFile) : null;
    const shell = taken ?? spawnShim(order, call, logs, () => groups.remove(order.instanceId, []));
    const warnings = [
      ...call.dropped.map((name) => `the variable ${JSON.stringify(name)} can't be passed to a program`),
      ...refused.map((controller) => `the ${controller} limit can't be set on this machine`),
    ];
    const since = taken?.since ?? shell.pid;
    const handle = handleOf(shell.pid, cgroup, limits);
    return { child: shell.child, handle, since, release: () => release(shell, exitFile), warnings };
  } finally {
    for (const log of new Set(logs)) closeSync(log);
  }
}

/** Linux takes strings of 128 KiB (MAX_ARG_STRLEN) and a quarter of the stack, 2 MiB, in all; see execve(2). */
function checkSizes(order: LaunchOrder): void {
  let total = 0;
  const measure = (what: string, text: string) => {
    const bytes = Buffer.byteLength(text);
    if (bytes > 131_000)
      throw new GantryError("start-failed", { reason: `${what} is too long for this system (over 128 KiB)` });
    total += bytes + 9;
  };
  for (const [place, word] of order.argv.entries()) measure(`word ${place + 1} of the command line`, word);
  for (const name in order.env) measure(`the variable ${name.slice(0, 80)}`, `${name}=${order.env[name]}`);
  if (total > 2_000_000)
    throw new GantryError("start-failed", {
      reason: "command line and environment together are too long for this system (over 2 MB)",
    });
}

function spawnShim(
  { cwd }: LaunchOrder,
  { words, env }: ShimCall,
  [out, err]: [number, number],
  undo: () => void,
): Shell {
  try {
    return startShell(["-c", SHIM, ...words], { cwd, env, out, err });
  } catch (error) {
    undo();
    const code = (error as NodeJS.ErrnoException).code ?? "";
    const reason = "the system could not start another process (out of processes, memory or open files)";
    throw new GantryError("start-failed", { reason: code === "" ? reason : `${reason}: ${code}` }, error);
  }
}

function release({ line }: Shell, exitFile: string): Promise<void> {
  const heard = new Promise<void>((resolve) => {
    if (line.closed) return resolve();
    line.once("close", () => resolve());
    line.ref().write("\n");
  });
  prepareExitFile(exitFile);
  return heard;
}

/** To make a file may take a millisecond, for which the successor of the instance would wait. */
function prepareExitFile(path: string): void {
  try {
    closeSync(openSync(path, "a", 0o600));
  } catch {
    // Then the shim makes it.
  }
}

function handleOf(pid: number, cgroup: string | null, limits: string[]): ProcessHandle {
  const startTime = readProcess(pid)?.startTime ?? "";
  const tier = cgroup === null ? "mark" : "cgroup";
  return { engine: "process", pid, startTime, bootId: bootId(), tier, cgroup, limits: limits.join(":") };
}

/** For stdout and for stderr: most often one and the same. */
function openLogs({ logFile, errFile }: LaunchOrder): [number, number] {
  const out = openLog(logFile);
  if (errFile === undefined) return [out, out];
  try {
    return [out, openLog(errFile)];
  } catch (error) {
    closeSync(out);
    throw error;
  }
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
