// When a crashed app is started again: pure, from the end of its latest instance.

/** Times in milliseconds. `max` crashes in a row without a stable run in between are given up on. */
export interface RestartPolicy {
  policy: "always" | "on-failure" | "never";
  delayMs: number;
  max: number;
  /** A run as long as this always ends a row of crashes. */
  windowMs: number;
  /** The longest delay; a minute where nothing is said. */
  capMs?: number;
}

/** One ended instance of the current generation that nobody had asked to stop. */
export interface Ended {
  /** Decides the jitter, so that the same history always gives the same answer. */
  id: string;
  startedAt: number;
  endedAt: number;
  success: boolean;
  /** Crashes in a row that came before this run; kept with the run, so that the count needs no history. */
  crashesBefore: number;
}

/**
 * What the owner says. A null policy means: `always` for an app that listens, which is never done, else `on-failure`, so
 * that a script that did its work is not run again.
 */
export type RestartRule = Omit<RestartPolicy, "policy" | "capMs"> & {
  policy: RestartPolicy["policy"] | null;
};

export type RestartVerdict =
  /** `delayMs` after the last end. */
  | { verdict: "restart"; delayMs: number; crashes: number }
  | { verdict: "give-up"; crashes: number }
  | { verdict: "done" };

const CAP_MS = 60_000;
const JITTER = 0.25;
/** The first crash after a run at least this long restarts at once. */
const SETTLED_MS = 1_000;
/** A run at least this long ends a row of crashes (or `windowMs`, if that is shorter). */
const STABLE_MS = 10_000;

/** What follows `last`, the newest end; with none the app is started at once. */
export function nextRestart(last: Ended | null, policy: RestartPolicy): RestartVerdict {
  if (last === null) return { verdict: "restart", delayMs: 0, crashes: 0 };
  if (policy.policy === "never" || (policy.policy === "on-failure" && last.success))
    return { verdict: "done" };
  const crashes = crashesInARow(last, policy);
  if (crashes >= policy.max) return { verdict: "give-up", crashes };
  return { verdict: "restart", delayMs: delay(last, crashes, policy), crashes };
}

/** Counting `last` itself; the end of a stable run is none, and ends the row. */
export function crashesInARow(last: Ended, { windowMs }: Pick<RestartPolicy, "windowMs">): number {
  const isStable = last.endedAt - last.startedAt >= Math.min(STABLE_MS, windowMs);
  return isStable ? 0 : last.crashesBefore + 1;
}

function delay(last: Ended, crashes: number, policy: RestartPolicy): number {
  const settled = last.endedAt - last.startedAt >= SETTLED_MS;
  if (crashes === 0 || (crashes === 1 && settled)) return 0;
  const exponent = Math.max(0, crashes - (settled ? 2 : 1));
  const base = Math.min(policy.capMs ?? CAP_MS, policy.delayMs * 2 ** Math.min(exponent, 30));
  return Math.round(base * (1 - JITTER + 2 * JITTER * unitHash(last.id)));
}

/** A number from 0 to 1 that depends on the text alone (FNV-1a). */
function unitHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash / 0xffffffff;
}
