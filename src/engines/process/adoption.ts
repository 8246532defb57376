// Finds the living instances of this home that this engine did not start: by their handles, marks and groups.
import type { Handle } from "../../domain/instance.ts";
import { groupMembers } from "../../lib/cgroups.ts";
import { bootId, type ProcessEntry, readCommandLine, readProcess } from "../../lib/processes.ts";
import { isAlive, type ProcessHandle, readHandle } from "./handle.ts";
import type { InstanceGroups } from "./instance-groups.ts";
import type { LaunchPlace } from "./launch.ts";
import { scanProcesses } from "./process-scan.ts";
import { isShim, readExitFile } from "./shim.ts";

export interface Survey {
  alive: Map<string, ProcessHandle>;
  /** Living ones that are not, or not wholly, in their group: the daemon before died on the way. */
  strayed: Set<string>;
  orphans: Map<string, ProcessHandle>;
}

/** One look at everything; starts, stops and watches nothing. */
export function survey(place: LaunchPlace, known: { instanceId: string; handle: Handle | null }[]): Survey {
  const { homeId, groups, exitFile } = place;
  const { marked } = scanProcesses(homeId);
  const result: Survey = { alive: new Map(), strayed: new Set(), orphans: new Map() };
  for (const row of known) {
    if (readExitFile(exitFile(row.instanceId)) !== null) continue;
    const handle = readHandle(row.handle);
    if (handle !== null && isAlive(handle, row.instanceId, homeId)) {
      result.alive.set(row.instanceId, handle);
      if (isOutside(handle, marked.get(row.instanceId) ?? [])) result.strayed.add(row.instanceId);
    }
    if (handle !== null) continue;
    const shim = findShim(marked.get(row.instanceId) ?? [], exitFile(row.instanceId));
    if (shim !== undefined) result.alive.set(row.instanceId, handleFor(row.instanceId, shim, groups));
  }
  const ids = new Set(known.map((row) => row.instanceId));
  for (const [instanceId, entries] of marked) {
    if (ids.has(instanceId)) continue;
    // Without its shim the oldest process stands for the rest.
    const main = findShim(entries, exitFile(instanceId)) ?? oldest(entries);
    if (main !== undefined) result.orphans.set(instanceId, handleFor(instanceId, main, groups));
  }
  // A group may still be empty because its instance is on the way into it.
  const seen = (instanceId: string) => ids.has(instanceId) || marked.has(instanceId);
  for (const instanceId of groups.populated(seen)) {
    const entry = readProcess(groupMembers(groups.pathOf(instanceId) ?? "")[0] ?? 0);
    if (entry !== null) result.orphans.set(instanceId, handleFor(instanceId, entry, groups));
  }
  return result;
}

function isOutside({ cgroup, pid }: ProcessHandle, entries: ProcessEntry[]): boolean {
  if (cgroup === null) return false;
  const members = new Set(groupMembers(cgroup));
  return !members.has(pid) || entries.some((entry) => !members.has(entry.pid));
}

const findShim = (entries: ProcessEntry[], exitFile: string): ProcessEntry | undefined =>
  entries.find((entry) => entry.pid === entry.session && isShim(readCommandLine(entry.pid), exitFile));

const oldest = (entries: ProcessEntry[]): ProcessEntry | undefined =>
  [...entries].sort((one, other) => Number(one.startTime) - Number(other.startTime))[0];

function handleFor(instanceId: string, entry: ProcessEntry, groups: InstanceGroups): ProcessHandle {
  const path = groups.pathOf(instanceId);
  const cgroup = path !== null && groupMembers(path).includes(entry.pid) ? path : null;
  return {
    engine: "process",
    pid: entry.pid,
    startTime: entry.startTime,
    bootId: bootId(),
    tier: cgroup === null ? "mark" : "cgroup",
    cgroup,
    limits: "",
  };
}
