// One look at the whole process table, shared by all who need one at the same time.
import { listProcesses, type ProcessEntry, readEnvironment, variableOf } from "../../lib/processes.ts";
import { HOME_VARIABLE, INSTANCE_VARIABLE } from "./handle.ts";

export interface ProcessScan {
  entries: ProcessEntry[];
  /** The processes that carry the mark of an instance of this home, by instance. */
  marked: Map<string, ProcessEntry[]>;
}

/** Looks at all processes now. This one is never among the marked. */
export function scanProcesses(homeId: string): ProcessScan {
  const entries = listProcesses().filter((entry) => entry.pid !== process.pid);
  const marked = new Map<string, ProcessEntry[]>();
  for (const entry of entries) {
    const environment = readEnvironment(entry.pid);
    if (environment === null || variableOf(environment, HOME_VARIABLE) !== homeId) continue;
    const instanceId = variableOf(environment, INSTANCE_VARIABLE);
    if (instanceId === undefined) continue;
    const others = marked.get(instanceId);
    if (others === undefined) marked.set(instanceId, [entry]);
    else others.push(entry);
  }
  return { entries, marked };
}

/** The least time between two shared scans, in milliseconds: 500 stops at once need a few scans, not 500. */
const PAUSE_MS = 10;
/** How old an answer for a quick question ("whose port is this?") may be. */
const RECENT_MS = 20;

export interface SharedScans {
  /** From a look that begins after the call. */
  fresh(): Promise<ProcessScan>;
  /** At most 20 ms old. */
  recent(): ProcessScan;
}

export function shareScans(homeId: string): SharedScans {
  let next: Promise<ProcessScan> | null = null;
  let last: ProcessScan | null = null;
  let lastAt = Number.NEGATIVE_INFINITY;
  const look = (): ProcessScan => {
    const scan = scanProcesses(homeId);
    last = scan;
    lastAt = performance.now();
    return scan;
  };
  return {
    fresh() {
      next ??= new Promise((resolve) => {
        const wait = Math.max(0, lastAt + PAUSE_MS - performance.now());
        setTimeout(() => {
          next = null;
          resolve(look());
        }, wait);
      });
      return next;
    },
    recent: () => (last !== null && performance.now() - lastAt < RECENT_MS ? last : look()),
  };
}
