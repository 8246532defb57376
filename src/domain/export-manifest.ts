// Apps as a gantry.yaml that reads back to the same apps.
import { stringify } from "yaml";
import { type App, type AppConfig, linkedFolder } from "./app.ts";
import { type ConfigDefaults, defaultConfig } from "./config-patch.ts";
import { formatDuration } from "./duration.ts";
import { DEFAULT_HEALTH, type HealthRule } from "./health.ts";
import { HOOK_TIMEOUT_MS, type Hooks } from "./hook.ts";
import { formatSize } from "./size.ts";

/** The defaults of a home without settings of its own. */
const PLAIN_DEFAULTS: ConfigDefaults = {
  restart: { policy: null, delayMs: 200, max: 10, windowMs: 60_000 },
  health: DEFAULT_HEALTH,
};

/** What `exportManifest` needs to know of an app. */
export type Exported = Pick<App, "name" | "source" | "engine" | "config" | "enabled">;

/**
 * The text of a manifest with these apps under `apps:`. What equals `defaults` is left out; `parseManifest` with the same defaults
 * gives the same configuration.
 */
export function exportManifest(apps: readonly Exported[], defaults: ConfigDefaults = PLAIN_DEFAULTS): string {
  const entries = apps.map((app) => [app.name, exportApp(app, defaults)]);
  const kept = apps.filter((app) => linkedFolder(app) === null).map(({ name }) => name);
  const remark =
    kept.length === 0 ? "" : `# Gantry keeps the code of ${kept.join(", ")}: give each a path.\n`;
  const options = { lineWidth: 0, version: "1.2", aliasDuplicateObjects: false } as const;
  return remark + stringify({ apps: Object.fromEntries(entries) }, options);
}

function exportApp(app: Exported, defaults: ConfigDefaults): Record<string, unknown> {
  const { config } = app;
  const initial = defaultConfig(defaults);
  const changed = <K extends keyof AppConfig>(key: K, value: unknown = config[key]): unknown =>
    JSON.stringify(config[key]) === JSON.stringify(initial[key]) ? undefined : value;
  const { restart, stop, resources } = config;
  const all: Record<string, unknown> = {
    path: linkedFolder(app) ?? undefined,
    run: changed("run"),
    shell: changed("shell"),
    entry: changed("entry"),
    args: changed("args"),
    port: changed("port"),
    host: changed("host"),
    engine: app.engine === "process" ? undefined : app.engine,
    enabled: app.enabled ? undefined : false,
    env: changed("env"),
    env_file: changed("envFile"),
    replicas: changed("replicas"),
    restart: changed("restart", {
      policy: restart.policy,
      delay: formatDuration(restart.delayMs),
      max: restart.max,
      window: formatDuration(restart.windowMs),
    }),
    health: config.health === null ? undefined : exportHealth(config.health),
    resources: changed("resources", exportResources(resources)),
    depends_on: changed("dependsOn"),
    hooks: config.hooks === undefined ? undefined : exportHooks(config.hooks),
    stop: changed("stop", { signal: stop.signal, timeout: formatDuration(stop.timeoutMs) }),
    watch: changed("watch"),
    domains: changed("domains"),
    strategy: changed("strategy"),
    warm: changed("warm"),
  };
  return withoutUndefined(all);
}

/** In the short form where all else is as usual. */
const exportHooks = (hooks: Hooks): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(hooks).map(([name, { run, timeoutMs, shell }]) => {
      if (timeoutMs === HOOK_TIMEOUT_MS && !shell) return [name, run];
      const timeout = timeoutMs === HOOK_TIMEOUT_MS ? undefined : formatDuration(timeoutMs);
      return [name, withoutUndefined({ run, timeout, shell: shell || undefined })];
    }),
  );

function exportHealth(health: HealthRule): Record<string, unknown> {
  const { check } = health;
  return {
    ...(check === null ? {} : exportCheck(check)),
    interval: formatDuration(health.intervalMs),
    timeout: formatDuration(health.timeoutMs),
    retries: health.retries,
    start_period: formatDuration(health.startPeriodMs),
  };
}

function exportCheck(check: NonNullable<HealthRule["check"]>): Record<string, unknown> {
  if (check.type === "http") return { path: check.path };
  return check.type === "command" ? { command: check.argv } : { [check.type]: true };
}

const exportResources = ({ cpu, memoryBytes, pids }: AppConfig["resources"]): Record<string, unknown> =>
  withoutUndefined({
    cpu: cpu ?? undefined,
    memory: memoryBytes === null ? undefined : formatSize(memoryBytes),
    pids: pids ?? undefined,
  });

const withoutUndefined = (all: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
