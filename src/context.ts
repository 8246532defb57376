// The parts of the daemon as they are handed around. Types only; daemon.ts builds the parts.
import type { App, AppConfig, EngineName } from "./domain/app.ts";
import type { CodeStore } from "./domain/code-store.ts";
import type { Deployment, Origin } from "./domain/deployment.ts";
import type { Engine } from "./domain/engine.ts";
import type { Progress } from "./domain/event.ts";
import type { Execution, ExecutionKind } from "./domain/execution.ts";
import type { ExecutionOutput } from "./domain/execution-output.ts";
import type { Handle, Instance } from "./domain/instance.ts";
import type { Logs } from "./domain/log-line.ts";
import type { Facts } from "./domain/plan.ts";
import type { Release } from "./domain/release.ts";
import type { EdgeControl } from "./domain/route.ts";
import type { Settings } from "./domain/settings.ts";
import type { Sources } from "./domain/source.ts";
import type { Store } from "./domain/store.ts";
import type { Toolchain } from "./domain/toolchain.ts";

/** Time: `now` is the wall clock (epoch ms), `monotonic` never jumps (ms). */
export interface Clock {
  now(): number;
  monotonic(): number;
  /** Calls back once after `ms` of monotonic time; returns the undo. */
  after(ms: number, callback: () => void): () => void;
}

/** The daemon's own log: one JSON line each. Never secrets. */
export interface Log {
  debug(message: string, details?: Record<string, unknown>): void;
  info(message: string, details?: Record<string, unknown>): void;
  warn(message: string, details?: Record<string, unknown>): void;
  error(message: string, details?: Record<string, unknown>): void;
}

export interface ProgressBus {
  announce(progress: Progress): void;
  on(listener: (progress: Progress) => void): () => void;
}

/** What is known about a living instance beyond its row: from probes, not from opinion. */
export interface InstanceHealth {
  state: "starting" | "healthy" | "unhealthy";
  /** One sentence, where it is not healthy. */
  reason: string | null;
  /** Monotonic ms of the last change. */
  since: number;
  /** Its own process holds the listening socket of its port. */
  listening: boolean;
}

export interface Reconciler {
  /** Something about the app changed: look again soon. Cheap; may be called at any time. */
  wake(appId: string): void;
  health(instanceId: string): InstanceHealth | undefined;
  /** Asks the instance right now; a sentence that says what is wrong, or null. */
  check(app: App, instance: Instance, release: Release): Promise<string | null>;
  /** What the planner sees at this moment. */
  facts(app: App): Facts;
  /** Takes up what an earlier daemon left, then keeps every app at its target. */
  start(): Promise<void>;
  /** Stops looking after apps; stops no app. */
  close(): Promise<void>;
}

/** One finite run, to be started now. */
export interface ExecutionOrder {
  app: App;
  /** In its folder and environment. */
  release: Release;
  kind: ExecutionKind;
  name: string;
  argv: string[];
  /** Goes over the app's own environment. */
  env: Record<string, string>;
  timeoutMs: number | null;
  /** Whose PORT and HOST it gets. */
  instance: Instance | null;
  actor: string;
  attempt: number;
}

/** Starts finite runs, ends those that take too long, and writes down what came of them; also of those that an earlier daemon started. */
export interface ExecutionRunner {
  /** Returns when it runs, or when its row says why it could not be started. */
  start(order: ExecutionOrder): Promise<Execution>;
  /** Ends the whole process tree. Returns when that is stored as a wish; nothing happens where it does not run. `reason`: who, or why. */
  cancel(executionId: string, reason: string): Promise<void>;
  /** Listens to the engines from now on. */
  open(): void;
  /** Takes up what an earlier daemon started; `alive` has the handles of what lives. */
  adopt(rows: Execution[], alive: ReadonlyMap<string, Handle>): Promise<void>;
  /** Watches no longer; ends nothing. */
  close(): void;
}

export interface DeployOrder {
  start: boolean;
  actor: string;
  /** Default: `current`. */
  origin?: Origin;
  message?: string | null;
  sourceText?: string | null;
  /** Settings that come with the code; default: as they are. */
  config?: AppConfig;
}

/** Encrypts small texts with the key of the home (AES-256-GCM). */
export interface Sealer {
  /**
   * `place` (app id and name of the value) must be the same to open it: a sealed text can't be moved elsewhere. Throws
   * `key-unavailable`, also where the key is missing and something was sealed before, and `disk-full`.
   */
  seal(text: string, place: string): string;
  /** Throws `key-unavailable` when the key is another one or the text was changed. */
  open(sealed: string, place: string): string;
}

/** Carries out deployments in the background, one at a time per app; a newer one replaces an older one. */
export interface Builder {
  /** Makes a release, sets it as target, and starts the app if `start`. Returns as soon as the deployment is stored. */
  request(app: App, order: DeployOrder): Promise<Deployment>;
  /** Ends the deployment of the app that is being built, so that it changes nothing any more; false where there is none. */
  cancel(appId: string, actor: string): boolean;
  /** Begins those builds anew that an earlier daemon did not finish. */
  resume(): Promise<void>;
  close(): Promise<void>;
}

export interface Context {
  settings: Settings;
  version: string;
  clock: Clock;
  log: Log;
  store: Store;
  engines: Partial<Record<EngineName, Engine>>;
  toolchains: Toolchain[];
  sources: Sources;
  code: CodeStore;
  sealer: Sealer;
  edge: EdgeControl;
  logs: Logs;
  executions: ExecutionRunner;
  output: ExecutionOutput;
  progress: ProgressBus;
  reconciler: Reconciler;
  builder: Builder;
}
