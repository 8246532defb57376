// What the loop knows beyond the store: who is routed and what is under way. Lost with the daemon, found again by observing.

export interface WorkingState {
  /** App id → ids of the instances that the edge sends requests to. */
  routed: Map<string, Set<string>>;
  /** Instances whose stop this daemon carries out at the moment. */
  stopsInFlight: Set<string>;
  /** Ports that are given out but not yet claimed by a stored row. */
  reservedPorts: Set<number>;
  /** Instance id → monotonic ms of its start, where this daemon started it. */
  bornAt: Map<string, number>;
  /** App id → monotonic ms of the last end of one of its instances, where this daemon saw it. */
  lastEndAt: Map<string, number>;
  /** Deployment id → monotonic ms at which its present stage began, where the loop saw it. */
  stageAt: Map<string, number>;
}

export const createWorkingState = (): WorkingState => ({
  routed: new Map(),
  stopsInFlight: new Set(),
  reservedPorts: new Set(),
  bornAt: new Map(),
  lastEndAt: new Map(),
  stageAt: new Map(),
});
