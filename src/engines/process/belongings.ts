// Everything that belongs to one instance: found and killed by its control group, else by mark, ancestry and session.
import { groupMembers, killGroup } from "../../lib/cgroups.ts";
import { isDead, type ProcessEntry, readProcess, withRelatives } from "../../lib/processes.ts";
import { sendSignal, signalNumber } from "../../lib/signals.ts";
import { isAlive, type ProcessHandle } from "./handle.ts";
import type { ProcessScan, SharedScans } from "./process-scan.ts";

const KILL = signalNumber("KILL") ?? 9;

export interface Belongings {
  /** The living processes, looked up after the call. */
  list(): Promise<number[]>;
  /** The same at once, perhaps some milliseconds old. */
  peek(): number[];
  /** One round of killing; to be repeated until `list` is empty. */
  kill(): Promise<void>;
}

/**
 * By the group: the kernel keeps the membership, whatever the processes do. `strayed` says whether the main process lives
 * outside of it, because it could not be moved; then `otherwise` counts too.
 */
export const byGroup = (
  cgroup: string,
  strayed: (members: number[]) => boolean,
  otherwise: Belongings,
): Belongings => ({
  list: async () => {
    const members = groupMembers(cgroup);
    return strayed(members) ? union(members, await otherwise.list()) : members;
  },
  peek: () => {
    const members = groupMembers(cgroup);
    return strayed(members) ? union(members, otherwise.peek()) : members;
  },
  kill: async () => {
    const members = groupMembers(cgroup);
    killGroup(cgroup);
    if (strayed(members)) await otherwise.kill();
  },
});

const union = (one: number[], other: number[]): number[] => [...new Set([...one, ...other])];

/** By the mark in the environment, and by ancestry and session for processes that threw it away. */
export function byMark(
  instanceId: string,
  handle: ProcessHandle | null,
  homeId: string,
  scans: SharedScans,
): Belongings {
  // Remembered over the rounds: when a parent dies first, its children can no longer be traced to it.
  const known = new Map<number, string>();
  const find = ({ entries, marked }: ProcessScan): ProcessEntry[] => {
    const roots = new Set((marked.get(instanceId) ?? []).map((entry) => entry.pid));
    for (const entry of entries) if (known.get(entry.pid) === entry.startTime) roots.add(entry.pid);
    if (handle !== null && isAlive(handle, instanceId, homeId)) roots.add(handle.pid);
    const all = withRelatives(entries, roots);
    all.delete(process.pid);
    const found = entries.filter((entry) => all.has(entry.pid));
    for (const entry of found) known.set(entry.pid, entry.startTime);
    return found;
  };
  return {
    list: async () => find(await scans.fresh()).map((entry) => entry.pid),
    peek: () => find(scans.recent()).map((entry) => entry.pid),
    kill: async () => {
      const found = find(await scans.fresh());
      // A group dies at once, so nothing in it can fork away; its leader is one of ours.
      for (const group of new Set(found.map((entry) => entry.group)))
        if (found.some((entry) => entry.pid === group)) sendSignal(-group, KILL);
      for (const { pid, startTime } of found) {
        const now = readProcess(pid);
        if (now !== null && !isDead(now) && now.startTime === startTime) sendSignal(pid, KILL);
      }
    },
  };
}
