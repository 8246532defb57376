// Moves an instance that runs already into its control group, with all that it started meanwhile.
import { setTimeout as pause } from "node:timers/promises";
import { groupMembers, moveInto } from "../../lib/cgroups.ts";
import {
  isDead,
  listProcessIds,
  maxProcessId,
  type ProcessEntry,
  readEnvironment,
  readProcess,
  withRelatives,
} from "../../lib/processes.ts";
import { carriesMark, type ProcessHandle } from "./handle.ts";

/** While a process is moved no other can be forked: the app is first. */
const FORK_MS = 2;
/** More rounds than this are a fork storm; each takes in what the round before had forked. */
const ROUNDS = 50;

/**
 * `since`: no process of it but the shim has a lower id. Resolves when everything of the instance is in the group; false when something could not be moved. Descendants that
 * left family, session and environment within these first milliseconds are not found.
 */
export async function joinLate(
  cgroup: string,
  handle: ProcessHandle,
  since: number,
  instanceId: string,
  homeId: string,
): Promise<boolean> {
  await pause(FORK_MS);
  await moveInto(cgroup, handle.pid);
  for (let round = 0; round < ROUNDS; round++) {
    const members = new Set(groupMembers(cgroup));
    const outside = belongingTo(handle, since, instanceId, homeId).filter((pid) => !members.has(pid));
    if (outside.length === 0) return true;
    await Promise.all(outside.map((pid) => moveInto(cgroup, pid)));
  }
  return false;
}

/** Looks only at the shim, and at processes that are younger than the start. */
function belongingTo(handle: ProcessHandle, since: number, instanceId: string, homeId: string): number[] {
  const younger: ProcessEntry[] = [];
  const roots: number[] = [];
  for (const pid of listProcessIds()) {
    if (pid !== handle.pid && !isYounger(pid, since)) continue;
    const entry = readProcess(pid);
    if (entry === null || isDead(entry) || Number(entry.startTime) < Number(handle.startTime)) continue;
    younger.push(entry);
    if (carriesMark(readEnvironment(pid) ?? "", instanceId, homeId)) roots.push(pid);
  }
  return [...withRelatives(younger, roots)];
}

/** Process ids are given out in rising order, and from the bottom again when the top is reached. */
const WRAP = 4_000;

/** By the ids alone, because reading all processes takes milliseconds; may say yes for an older one. */
const isYounger = (pid: number, than: number): boolean =>
  pid >= than || (than > maxProcessId() - WRAP && pid < WRAP);
