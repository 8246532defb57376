// The handle of a process instance: what is stored to find exactly this process again, and the check that it is it.
import type { Handle } from "../../domain/instance.ts";
import { bootId, isDead, readEnvironment, readProcess, variableOf } from "../../lib/processes.ts";

/** The variables that everything started carries. */
export const INSTANCE_VARIABLE = "GANTRY_INSTANCE";
export const HOME_VARIABLE = "GANTRY_HOME_ID";

export interface ProcessHandle extends Handle {
  engine: "process";
  /** Of the shim, whose end is the end of the instance. */
  pid: number;
  /** Field 22 of proc_pid_stat(5), as text; empty where the system has none. */
  startTime: string;
  bootId: string;
  tier: "cgroup" | "mark";
  /** The v2 group of the instance. */
  cgroup: string | null;
  /** Its groups in v1 hierarchies, joined by ":". */
  limits: string;
}

/** Null for a handle that this engine did not write. */
export function readHandle(handle: Handle | null): ProcessHandle | null {
  if (handle === null || handle.engine !== "process") return null;
  if (typeof handle.pid !== "number" || !Number.isInteger(handle.pid) || handle.pid <= 1) return null;
  if (typeof handle.startTime !== "string" || typeof handle.bootId !== "string") return null;
  const cgroup = typeof handle.cgroup === "string" ? handle.cgroup : null;
  return {
    engine: "process",
    pid: handle.pid,
    startTime: handle.startTime,
    bootId: handle.bootId,
    tier: cgroup === null ? "mark" : "cgroup",
    cgroup,
    limits: typeof handle.limits === "string" ? handle.limits : "",
  };
}

/** Does the very process of this handle live? Nothing may be signalled by a handle for which this was not just true. */
export function isAlive(handle: ProcessHandle, instanceId: string, homeId: string): boolean {
  if (handle.bootId !== bootId()) return false;
  const entry = readProcess(handle.pid);
  if (entry === null || isDead(entry) || entry.startTime !== handle.startTime) return false;
  const environment = readEnvironment(handle.pid);
  return environment !== null && carriesMark(environment, instanceId, homeId);
}

/** What everything of an instance carries in its environment. */
export const marksOf = (instanceId: string, homeId: string): Record<string, string> => ({
  [INSTANCE_VARIABLE]: instanceId,
  [HOME_VARIABLE]: homeId,
});

export const carriesMark = (environment: string, instanceId: string, homeId: string): boolean =>
  variableOf(environment, INSTANCE_VARIABLE) === instanceId &&
  variableOf(environment, HOME_VARIABLE) === homeId;
