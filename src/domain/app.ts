// What an owner wants to run.
import type { HealthRule } from "./health.ts";
import type { Hooks } from "./hook.ts";
import type { RestartRule } from "./restart-policy.ts";
import type { Values } from "./values.ts";

export type EngineName = "process" | "compose" | "docker" | "swarm" | "kubernetes" | "memory";
export type ToolchainName = "python" | "node" | "static" | "command" | "dockerfile";

/**
 * Where an app's code comes from. `folder` is linked: the code runs where it lies, until a copy of it is deployed. The code of the
 * others is kept by Gantry.
 */
export type Source =
  | { type: "folder"; path: string }
  | { type: "archive"; filename: string | null }
  /** `url` without credentials. */
  | { type: "git"; url: string; ref: string | null; subfolder: string }
  | { type: "files" };

/** The owner's folder, where the app has one. */
export const linkedFolder = ({ source }: Pick<App, "source">): string | null =>
  source.type === "folder" ? source.path : null;

/** Do both want the same release, since the same moment? Then what was decided for one holds for the other. */
export const hasSameAim = (a: App, b: App): boolean =>
  a.targetReleaseId === b.targetReleaseId &&
  a.generation === b.generation &&
  (a.round ?? 0) === (b.round ?? 0);

/** Code that was saved but is not deployed. */
export interface Draft {
  /** Hash of its tree. */
  tree: string;
  subfolder: string;
  savedAt: number;
  author: string;
}

/** `auto`: start-first where the port may change, else stop-first. */
export type Strategy = "auto" | "start-first" | "stop-first";

/** Limits of one instance; null means unlimited. */
export interface Resources {
  /** CPUs, 0.5 = half of one. */
  cpu: number | null;
  memoryBytes: number | null;
  /** Processes and threads. */
  pids: number | null;
}

export interface StopRule {
  /** Signal name without SIG. */
  signal: string;
  timeoutMs: number;
}

/** What the owner may set. null means: as detected, or the default. */
export interface AppConfig {
  /** A command line. It is split into words as a shell does; no shell runs unless `shell` is true. */
  run: string | null;
  shell: boolean;
  /** ASGI/WSGI shorthand `module:variable` instead of `run`. */
  entry: string | null;
  /** Further words after the command (apps.yaml `args`). */
  args: string[];
  port: "auto" | "none" | number | null;
  host: string;
  env: Record<string, string>;
  /** Path of a .env file, relative to the app's folder; read at each start. */
  envFile: string | null;
  replicas: { min: number; max: number };
  restart: RestartRule;
  /** null: check as detected, at the default times. */
  health: HealthRule | null;
  resources: Resources;
  /** Names of the apps that must be ready before this one starts. */
  dependsOn: string[];
  /** Absent where there are none. */
  hooks?: Hooks;
  stop: StopRule;
  watch: boolean;
  /** Further host names, lower case. */
  domains: string[];
  strategy: Strategy;
  /** false: no process waits for the next deploy. Absent: true. */
  warm?: boolean;
}

export interface App {
  id: string;
  /** A DNS label, unique among apps that are not deleted. */
  name: string;
  source: Source;
  engine: EngineName;
  config: AppConfig;
  enabled: boolean;
  /** True for Gantry's own helpers (the edge): hidden from lists, not to be changed by people. */
  system: boolean;
  /** The target: should instances run? */
  wanted: boolean;
  /** The release that should run; null until one was built. */
  targetReleaseId: string | null;
  /** The last release whose instances became ready: where a failed release reverts to. */
  goodReleaseId: string | null;
  /** Counts restarts asked for by people; instances of an older generation are replaced. */
  generation: number;
  /** The start of this generation, in epoch milliseconds: crashes before it do not count. */
  generationAt: number;
  /** Counts changes of the target release: crashes of an earlier round do not count. Absent: 0. */
  round?: number;
  /** True once the app was seen to listen on a port of its own choice instead of $PORT: two of it can't run side by side. */
  ignoresPort: boolean;
  createdAt: number;
  updatedAt: number;
  lastStartedAt: number | null;
  deletedAt: number | null;
  /** Name → sealed value; absent in older rows. Never shown. */
  secrets?: Record<string, string>;
  /** What instances of the target get, as it was when that became the target; absent in older rows. Never shown. */
  applied?: Values;
  /** What those of the good release got last, where it is not the target: they get it again when that is gone back to. */
  appliedGood?: Values;
  /** Sealed: what the repository asks for. */
  credential?: string | null;
  draft?: Draft | null;
}
