// What the parts of one edge process share.
import type { LiveRoutes } from "./live-routes.ts";

/** Bounds of the edge; times in milliseconds. Tests shorten them. */
export interface Limits {
  /** A request's head must be complete within this time of its first byte, or of the connection. */
  headMs: number;
  /** An idle connection of a client is closed after this time. */
  idleMs: number;
  /** A body that is being sent or taken must move within this time. */
  stallMs: number;
  /** How long nothing may be sent to a client of which nobody can tell whether it is still there. */
  silenceMs: number;
  /** After the answer a client has this long to take it and go. */
  lingerMs: number;
  connectMs: number;
  /** From the whole request to the first byte of the app's answer. */
  firstByteMs: number;
  /** Idle connections to apps are closed before the usual servers would (5 s): who closes first never races. */
  upstreamIdleMs: number;
  /** Pause between attempts at an app that does not accept connections. */
  retryMs: number;
  maxConnections: number;
  maxWaiting: number;
  /** After TERM, kept connections may bring one more request for this long. */
  lastRequestMs: number;
  /** After TERM, requests in flight have this long. */
  stopMs: number;
}

export const LIMITS: Limits = {
  headMs: 10_000,
  idleMs: 75_000,
  stallMs: 30_000,
  silenceMs: 120_000,
  lingerMs: 2_000,
  connectMs: 5_000,
  firstByteMs: 300_000,
  upstreamIdleMs: 4_000,
  retryMs: 200,
  maxConnections: 8_000,
  maxWaiting: 1_000,
  lastRequestMs: 1_000,
  stopMs: 10_000,
};

/** One line for the log of the edge process. */
export type EdgeLog = (message: string, details?: Record<string, unknown>) => void;

export interface EdgeParts {
  readonly routes: LiveRoutes;
  readonly limits: Limits;
  readonly log: EdgeLog;
  /** Monotonic milliseconds, renewed by each sweep: exact enough for time limits. */
  time: number;
  /** No new requests: connections are closed after their answer. */
  stopping: boolean;
  /** Requests held until the table changes. */
  waiting: number;
}
