// The way of code to a serving release: fetch, validate, build, start, wait for health, switch, drain.
import type { AppConfig } from "./app.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** `building`: up to the release; `starting`: its instances are to take over. The others are ends. */
export type DeploymentState = "building" | "starting" | "done" | "failed" | "cancelled" | "superseded";

/** Where the code of a deployment comes from; complete, so that a later daemon can go on with it. */
export type Origin =
  /** The linked folder, as it lies there. */
  | { type: "live" }
  /** The code of the present release: only the configuration changed. The linked folder where there is no release. */
  | { type: "current" }
  /** Code that is stored already: uploaded, typed, or a draft. */
  | { type: "tree"; hash: string; subfolder: string }
  /** A copy of a folder. */
  | { type: "folder"; path: string }
  | { type: "git"; url: string; ref: string | null; subfolder: string }
  /** A rollback. */
  | { type: "release"; releaseId: string; withEnv: boolean };

export type StageName = "fetch" | "validate" | "build" | "start" | "health" | "switch" | "drain";

export interface Stage {
  stage: StageName;
  state: "running" | "done" | "failed" | "cancelled";
  startedAt: number;
  /** Null while it runs. */
  durationMs: number | null;
  /** One sentence, where there is something to say. */
  message: string | null;
}

export interface Deployment {
  id: string;
  appId: string;
  state: DeploymentState;
  /** One sentence, where it failed. */
  reason: string | null;
  /** The last lines that the build or the app printed, where it failed. */
  lastLines: string[];
  releaseId: string | null;
  /** Start the app afterwards. */
  start: boolean;
  actor: string;
  startedAt: number;
  endedAt: number | null;
  /** Absent in rows of older versions: `current`. */
  origin?: Origin;
  /** What the person says about it, e.g. a commit message. */
  message?: string | null;
  /** Where the code comes from, for people: `notes.zip`, `https://…#main (1a2b3c4)`. Never a secret. */
  sourceText?: string | null;
  stages?: Stage[];
  /** What the check of the code found. */
  diagnostics?: Diagnostic[];
  /** From the moment when its release is the target: how the app was before. Never shown. */
  undo?: Undo;
  /** The settings that come with the code: the app has them from the moment in which its release is the target. */
  config?: AppConfig;
  /** How many daemons went on with its build. */
  resumed?: number;
}

/** What a deployment changed of its app, as it was before. */
export interface Undo {
  targetReleaseId: string | null;
  wanted: boolean;
  /** Where a rollback changed them; `secrets` are sealed. */
  config?: AppConfig;
  secrets?: Record<string, string>;
  /** The app's `updatedAt` right after the change: what somebody changed since then stays. */
  updatedAt: number;
}

export const originOf = (deployment: Deployment): Origin => deployment.origin ?? { type: "current" };

/** Is it still under way? */
export const isOpen = ({ state }: Pick<Deployment, "state">): boolean =>
  state === "building" || state === "starting";
