// An app as every face shows it.
import type { AppConfig, EngineName, Source, ToolchainName } from "./app.ts";
import type { DeploymentState } from "./deployment.ts";
import type { Exit } from "./instance.ts";
import type { AppState } from "./state.ts";

export interface InstanceView {
  id: string;
  /** Release number. */
  release: number;
  state: "starting" | "running" | "unhealthy" | "stopping" | "ended" | "unknown";
  pid: number | null;
  /** `host:port`, where it has one. */
  address: string | null;
  startedAt: string | null;
  endedAt: string | null;
  exit: Exit | null;
  message: string | null;
}

/** Times are ISO 8601 in UTC. */
export interface AppView {
  id: string;
  name: string;
  state: AppState;
  /** One sentence: why it is in this state, where that is not plain. */
  reason: string | null;
  /** When a backing-off app is tried again. */
  nextTryAt: string | null;
  enabled: boolean;
  engine: EngineName;
  source: Source;
  path: string;
  toolchain: ToolchainName | null;
  framework: string | null;
  /** The command line that runs, as text; null for static apps and before the first build. */
  run: string | null;
  entry: string | null;
  host: string | null;
  port: number | null;
  pid: number | null;
  url: string | null;
  urls: string[];
  instances: InstanceView[];
  /** Number of the release that serves; null when none does. */
  release: number | null;
  latestRelease: number | null;
  replicas: { min: number; max: number };
  /** Unasked-for ends of instances since the last start by a person. */
  restarts: number;
  health: "healthy" | "unhealthy" | "starting" | "none";
  /** Names of its secrets; nobody is shown what is in them. */
  secrets: string[];
  /** Names of settings that changed since the running instances were started; `env.NAME`, `secrets.NAME` of single values. */
  notApplied: string[];
  /** Of the release that is to run. `live`: the linked folder, as it lies there; `tree`: a copy that Gantry keeps; null before the first. */
  code: "live" | "tree" | null;
  /** Code that was saved and is not deployed; null where there is none. */
  draft: { savedAt: string; author: string } | null;
  /** The newest one; null where there was none. */
  deployment: { id: string; state: DeploymentState; reason: string | null } | null;
  createdAt: string;
  updatedAt: string;
  lastStartedAt: string | null;
  /** The start of the run that serves; null when none does. */
  runningSince: string | null;
  /** The last lines of output, for `failed` and `backing-off` in the view of a single app. */
  lastLines: string[];
}

/** What a list of many apps shows of each. */
export type AppSummary = Pick<
  AppView,
  | "id"
  | "name"
  | "state"
  | "reason"
  | "nextTryAt"
  | "enabled"
  | "engine"
  | "framework"
  | "path"
  | "port"
  | "pid"
  | "url"
  | "release"
  | "restarts"
  | "health"
  | "lastStartedAt"
  | "runningSince"
  | "notApplied"
>;

/** The full configuration as shown by `gantry config` and `GET /api/apps/{id}/config`. */
export interface AppConfigView extends AppConfig {
  name: string;
  enabled: boolean;
  engine: EngineName;
  path: string;
}

/** One row of the machine's port ledger. */
export interface PortView {
  port: number;
  /** `app`: an instance listens or will; `fixed`: configured; `gantry`: API or edge; `forward`; `compose`: published by the compose file in the app's folder; `stranger`: another program. */
  kind: "app" | "fixed" | "gantry" | "forward" | "compose" | "stranger";
  app: string | null;
  instanceId: string | null;
  /** Who really listens now, where that could be seen. */
  holder: { pid: number | null; command: string | null; addresses: string[] } | null;
  /** A sentence where two claim this port. */
  conflict: string | null;
}
