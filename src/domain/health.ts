// When an instance counts as ready and healthy.

/** How to ask. `none`: a process that is alive is healthy. */
export type Check =
  | { type: "http"; path: string }
  | { type: "tcp" }
  | { type: "command"; argv: string[] }
  | { type: "none" };

/** Times in milliseconds. */
export interface Health {
  check: Check;
  intervalMs: number;
  timeoutMs: number;
  /** Failed checks in a row until the instance is unhealthy. */
  retries: number;
  /** How long a new instance may take until its first success. */
  startPeriodMs: number;
}

/** What the owner says about health. A null check means: as detected. */
export type HealthRule = Omit<Health, "check"> & { check: Check | null };

export const DEFAULT_HEALTH: Omit<Health, "check"> = {
  intervalMs: 10_000,
  timeoutMs: 2_000,
  retries: 3,
  startPeriodMs: 30_000,
};
