// One immutable, numbered result of a deploy.
import type { AppConfig, Resources, StopRule, ToolchainName } from "./app.ts";
import type { Code } from "./code.ts";
import type { Health } from "./health.ts";
import type { PublishedPorts } from "./import-compose.ts";
import type { RestartPolicy } from "./restart-policy.ts";

/** Does the app open $PORT? `optional`: unknown; it is ready when alive, and routed once it listens. */
export type Listens = "required" | "optional" | "none";

/** Everything needed to start an instance, frozen. `$PORT`, `${PORT}`, `$HOST` in `argv` and `env` are filled at start. */
export interface Launch {
  toolchain: ToolchainName;
  /** `fastapi`, `flask`, `express`… where known. */
  framework: string | null;
  /** Empty for a static app. */
  argv: string[];
  cwd: string;
  /** From the toolchain: PATH, VIRTUAL_ENV and the like. The app's own env goes over it. */
  env: Record<string, string>;
  listens: Listens;
  /** A fixed port, or null for an automatic one. */
  port: number | null;
  host: string;
  /** For static apps: the folder that the edge serves; no process runs. */
  staticRoot: string | null;
  health: Health;
  restart: RestartPolicy;
  stop: StopRule;
  resources: Resources;
  strategy: "start-first" | "stop-first";
}

export interface Release {
  id: string;
  appId: string;
  /** 1, 2, 3… within the app. */
  number: number;
  launch: Launch;
  /** The configuration that it was made from; `entry` and `run` as the owner gave them. */
  config: AppConfig;
  /** As detected, for people: "uvicorn main:app …"; null for static. */
  run: string | null;
  entry: string | null;
  /** Of the compose file in the app's folder; absent in older releases and those of Gantry's helpers. */
  compose?: PublishedPorts[];
  /** Hash over everything that makes this release differ from another. */
  contentHash: string;
  createdAt: number;
  buildMs: number;
  /** Absent in older releases, which run the linked folder. */
  code?: Code;
  /** Who deployed it. */
  author?: string;
  /** What they said about it. */
  message?: string | null;
  /** Where the code came from, for people. */
  sourceText?: string | null;
  /** The deployment that made it: its log is kept as long as the release. */
  deploymentId?: string;
  /** When its instances were last seen ready, in epoch milliseconds; absent when they never were. */
  goodAt?: number;
  /** Never removed by retention. */
  pinned?: boolean;
  /** The app's secrets at that time, sealed: for a rollback that wants them back. */
  secrets?: Record<string, string>;
}

export const codeOf = (release: Release): Code => release.code ?? { type: "live" };
