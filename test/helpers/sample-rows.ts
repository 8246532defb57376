// Complete rows for tests of the store.
import type { App, AppConfig } from "../../src/domain/app.ts";
import type { Deployment } from "../../src/domain/deployment.ts";
import type { NewEvent } from "../../src/domain/event.ts";
import type { Execution } from "../../src/domain/execution.ts";
import { DEFAULT_HEALTH } from "../../src/domain/health.ts";
import type { Instance } from "../../src/domain/instance.ts";
import type { Release } from "../../src/domain/release.ts";
import type { RestartPolicy } from "../../src/domain/restart-policy.ts";

const restart: RestartPolicy = { policy: "on-failure", delayMs: 200, max: 10, windowMs: 60_000 };
const stop = { signal: "TERM", timeoutMs: 10_000 };
const resources = { cpu: 0.5, memoryBytes: null, pids: null };

const config: AppConfig = {
  run: null,
  shell: false,
  entry: null,
  args: [],
  port: "auto",
  host: "127.0.0.1",
  env: { GREETING: "hällo\n$HOME 'q' \u0000 \u2028 \ud83d\ude80" },
  envFile: null,
  replicas: { min: 1, max: 1 },
  restart,
  health: null,
  resources,
  dependsOn: [],
  stop,
  watch: false,
  domains: [],
  strategy: "auto",
};

export const sampleApp = (id: string, change: Partial<App> = {}): App => ({
  id,
  name: `app-${id}`,
  source: { type: "folder", path: `/srv/${id}` },
  engine: "process",
  config,
  enabled: true,
  system: false,
  wanted: false,
  targetReleaseId: null,
  goodReleaseId: null,
  generation: 0,
  generationAt: 0,
  ignoresPort: false,
  createdAt: 1_000,
  updatedAt: 1_000,
  lastStartedAt: null,
  deletedAt: null,
  ...change,
});

export const sampleRelease = (id: string, appId: string, number = 1): Release => ({
  id,
  appId,
  number,
  launch: {
    toolchain: "python",
    framework: "fastapi",
    argv: ["uvicorn", "main:app", "--port", "$PORT"],
    cwd: `/srv/${appId}`,
    env: { PATH: "/usr/bin:/bin" },
    listens: "required",
    port: null,
    host: "127.0.0.1",
    staticRoot: null,
    health: { ...DEFAULT_HEALTH, check: { type: "http", path: "/" } },
    restart,
    stop,
    resources,
    strategy: "start-first",
  },
  config,
  run: "uvicorn main:app",
  entry: "main:app",
  compose: [{ service: "db", ports: [5_432] }],
  contentHash: "0123456789abcdef",
  createdAt: 1_000 + number,
  buildMs: 12.5,
});

export const sampleInstance = (
  id: string,
  appId: string,
  releaseId: string,
  change: Partial<Instance> = {},
): Instance => ({
  id,
  appId,
  releaseId,
  generation: 0,
  engine: "process",
  host: "127.0.0.1",
  port: 5_000,
  handle: { engine: "process", pid: 4_711, startedTicks: "123456", bootId: "a-b-c" },
  createdAt: 2_000,
  crashesBefore: 0,
  restartsBefore: 0,
  readyAt: null,
  stopRequestedAt: null,
  stopReason: null,
  endedAt: null,
  endReason: null,
  exit: null,
  message: null,
  ...change,
});

export const sampleDeployment = (
  id: string,
  appId: string,
  change: Partial<Deployment> = {},
): Deployment => ({
  id,
  appId,
  state: "building",
  reason: null,
  lastLines: [],
  releaseId: null,
  start: true,
  actor: "test",
  startedAt: 1_500,
  endedAt: null,
  ...change,
});

export const sampleExecution = (id: string, appId: string, change: Partial<Execution> = {}): Execution => ({
  id,
  appId,
  releaseId: null,
  generation: 1,
  round: 0,
  kind: "hook",
  name: "pre_start",
  argv: ["./migrate.sh", "--all"],
  scheduleId: null,
  slot: null,
  instanceId: null,
  engine: "process",
  handle: null,
  state: "running",
  endingAs: null,
  exit: null,
  reason: null,
  createdAt: 2_500,
  startedAt: null,
  endedAt: null,
  timeoutMs: 60_000,
  cpuMs: null,
  peakMemoryBytes: null,
  actor: "test",
  attempt: 1,
  spent: false,
  ...change,
});

export const sampleEvent = (message: string, appId: string | null = null): NewEvent => ({
  type: "app.updated",
  appId,
  actor: "test",
  message,
  data: { message },
});
