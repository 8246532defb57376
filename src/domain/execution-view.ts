// An execution as every face shows it.
import type { Execution, ExecutionKind, ExecutionState } from "./execution.ts";
import type { Exit } from "./instance.ts";

/** Times are ISO 8601 in UTC. */
export interface ExecutionView {
  id: string;
  appId: string;
  /** Name of the app. */
  app: string;
  /** Number of the release in whose environment it ran; null when that is not known any more. */
  release: number | null;
  kind: ExecutionKind;
  name: string;
  argv: string[];
  state: ExecutionState;
  reason: string | null;
  exit: Exit | null;
  scheduleId: string | null;
  slot: string | null;
  instanceId: string | null;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
  durationMs: number | null;
  timeoutMs: number | null;
  cpuMs: number | null;
  peakMemoryBytes: number | null;
  actor: string;
  attempt: number;
}

export function showExecution(row: Execution, app: string, release: number | null): ExecutionView {
  const { id, appId, kind, name, argv, state, reason, exit, scheduleId, slot, instanceId } = row;
  const { createdAt, startedAt, endedAt, timeoutMs, cpuMs, peakMemoryBytes, actor, attempt } = row;
  return {
    id,
    appId,
    app,
    release,
    kind,
    name,
    argv,
    state,
    reason,
    exit,
    scheduleId,
    slot: iso(slot),
    instanceId,
    createdAt: new Date(createdAt).toISOString(),
    startedAt: iso(startedAt),
    endedAt: iso(endedAt),
    durationMs: startedAt === null || endedAt === null ? null : Math.max(0, endedAt - startedAt),
    timeoutMs,
    cpuMs,
    peakMemoryBytes,
    actor,
    attempt,
  };
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
