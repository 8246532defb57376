// What an instance's processes use of the machine.
import type { ResourceUse } from "../../domain/engine.ts";
import { groupCpuMs } from "../../lib/cgroups.ts";
import { isDead, readProcess, residentBytes } from "../../lib/processes.ts";

/** Null when none of the processes lives. The group, where there is one, also knows the CPU time of those that ended. */
export function useOf(members: number[], cgroup: string | null): ResourceUse | null {
  const use: ResourceUse = { cpuMs: 0, memoryBytes: 0, processes: 0 };
  for (const pid of members) {
    const entry = readProcess(pid);
    if (entry === null || isDead(entry)) continue;
    use.processes++;
    use.cpuMs += entry.cpuMs;
    use.memoryBytes += residentBytes(pid);
  }
  if (use.processes === 0) return null;
  const total = cgroup === null ? null : groupCpuMs(cgroup);
  return total === null ? use : { ...use, cpuMs: Math.round(total) };
}
