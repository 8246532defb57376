// What is seen of an instance that has ended.
import type { Observation } from "../../domain/engine.ts";
import type { Exit } from "../../domain/instance.ts";
import { wasOutOfMemory } from "../../lib/cgroups.ts";
import type { ProcessHandle } from "./handle.ts";

/** The group still tells why the kernel killed: it is removed only later. */
export function endOf({ cgroup, limits }: ProcessHandle, exit: Exit | null): Observation {
  const groups = [cgroup ?? "", ...limits.split(":")].filter(Boolean);
  const outOfMemory = exit?.signal === "KILL" && groups.some(wasOutOfMemory);
  return { status: "ended", exit, ...(outOfMemory && { outOfMemory }) };
}
