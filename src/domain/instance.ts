// One run of one release.
import type { EngineName } from "./app.ts";

/** What an engine needs to find its instance again; serialisable, opaque to everybody else. */
export type Handle = { engine: EngineName } & Record<string, string | number | boolean | null>;

/** Why an instance ended. `exited`: by itself. `lost`: it ended unseen and left no status. */
export type EndReason = "exited" | "stopped" | "replaced" | "unhealthy" | "start-failed" | "lost";

export interface Exit {
  code: number | null;
  /** Name without SIG, e.g. KILL. */
  signal: string | null;
}

export interface Instance {
  id: string;
  appId: string;
  releaseId: string;
  generation: number;
  /** The app's round when it was started; absent: 0. */
  round?: number;
  engine: EngineName;
  /** Loopback address and port that its processes shall listen on; null where it has none. */
  host: string;
  port: number | null;
  /** Null until the engine has started it. */
  handle: Handle | null;
  createdAt: number;
  /** Crashes in a row right before this run; see the restart policy. */
  crashesBefore: number;
  /** Unasked-for ends of its generation and release before this run. */
  restartsBefore: number;
  readyAt: number | null;
  /** Set before the stop begins: an instance that is to end is never routed again. */
  stopRequestedAt: number | null;
  /** Why it is to end; becomes `endReason`. */
  stopReason: EndReason | null;
  endedAt: number | null;
  endReason: EndReason | null;
  exit: Exit | null;
  /** One sentence for people, e.g. "did not open port 5003 within 30 s". */
  message: string | null;
}
