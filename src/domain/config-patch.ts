// Changes to an app's configuration, and the full configuration with every default.
import type { App, AppConfig, EngineName } from "./app.ts";
import type { Health } from "./health.ts";
import type { Hooks } from "./hook.ts";
import type { RestartRule } from "./restart-policy.ts";
import type { Settings } from "./settings.ts";

/** A missing field stays as it is; null resets to the default. */
type Reset<T> = { [K in keyof T]?: T[K] | null };

/** What shall change. Sections are merged field by field, `env` variable by variable (null removes one). */
export type ConfigPatch = Reset<
  Omit<AppConfig, "env" | "hooks" | "replicas" | "restart" | "health" | "resources" | "stop">
> & {
  env?: Record<string, string | null> | null;
  /** Hook by hook; null removes one. */
  hooks?: Reset<Hooks> | null;
  replicas?: Reset<AppConfig["replicas"]> | null;
  restart?: Reset<RestartRule> | null;
  health?: Reset<Health> | null;
  resources?: Reset<AppConfig["resources"]> | null;
  stop?: Reset<AppConfig["stop"]> | null;
};

/** A change of an app as the API and `gantry config` take it. */
export interface AppPatch {
  name?: string;
  path?: string;
  engine?: EngineName;
  enabled?: boolean;
  config: ConfigPatch;
}

/** Defaults that the settings of a home decide. */
export interface ConfigDefaults {
  restart: RestartRule;
  health: Omit<Health, "check">;
}

/** The defaults under these settings. */
export const configDefaults = (
  settings: Pick<Settings, "restartDelayMs" | "maxRestarts" | "restartWindowS" | "healthIntervalS">,
): ConfigDefaults => ({
  restart: {
    policy: null,
    delayMs: settings.restartDelayMs,
    max: settings.maxRestarts,
    windowMs: settings.restartWindowS * 1_000,
  },
  health: {
    intervalMs: settings.healthIntervalS * 1_000,
    timeoutMs: 2_000,
    retries: 3,
    startPeriodMs: 30_000,
  },
});

/** Every field, as it is when nobody says anything. */
export const defaultConfig = (defaults: ConfigDefaults): AppConfig => ({
  run: null,
  shell: false,
  entry: null,
  args: [],
  port: null,
  host: "127.0.0.1",
  env: {},
  envFile: null,
  replicas: { min: 1, max: 1 },
  restart: { ...defaults.restart },
  health: null,
  resources: { cpu: null, memoryBytes: null, pids: null },
  dependsOn: [],
  stop: { signal: "TERM", timeoutMs: 10_000 },
  watch: false,
  domains: [],
  strategy: "auto",
});

/** The full configuration: what `partial` says, and the default for everything else. */
export const completeConfig = (partial: Partial<AppConfig>, defaults: ConfigDefaults): AppConfig => ({
  ...defaultConfig(defaults),
  ...partial,
});

/** `base` with the changes of `patch`. */
export function mergeConfig(base: AppConfig, patch: ConfigPatch, defaults: ConfigDefaults): AppConfig {
  const initial = defaultConfig(defaults);
  const { env, hooks, replicas, restart, health, resources, stop, ...simple } = patch;
  const merged = { ...base, ...section(base, simple, initial) };
  if (env !== undefined) merged.env = mergeEnv(base.env, env);
  if (hooks !== undefined) mergeHooks(merged, hooks);
  if (replicas !== undefined) merged.replicas = mergeReplicas(base.replicas, replicas, initial.replicas);
  if (restart !== undefined) merged.restart = section(base.restart, restart, initial.restart);
  if (resources !== undefined) merged.resources = section(base.resources, resources, initial.resources);
  if (stop !== undefined) merged.stop = section(base.stop, stop, initial.stop);
  if (health === null) merged.health = null;
  else if (health !== undefined) {
    const none = { check: null, ...defaults.health };
    const rule = section(base.health ?? none, health, none);
    merged.health = same(rule, none) ? null : rule;
  }
  return merged;
}

/** What `app` becomes: its name, path, engine, switch and configuration after the patch. */
export const patchedApp = (app: App, patch: AppPatch, defaults: ConfigDefaults): App => ({
  ...app,
  name: patch.name ?? app.name,
  source: patch.path === undefined ? app.source : { type: "folder", path: patch.path },
  engine: patch.engine ?? app.engine,
  enabled: patch.enabled ?? app.enabled,
  config: mergeConfig(app.config, patch.config, defaults),
});

function section<T extends object>(base: T, patch: Reset<T> | null, initial: T): T {
  if (patch === null) return { ...initial };
  const result = { ...base };
  for (const key of Object.keys(patch) as (keyof T)[]) {
    const value = patch[key];
    if (value !== undefined) result[key] = (value === null ? initial[key] : value) as T[keyof T];
  }
  return result;
}

function mergeEnv(base: AppConfig["env"], patch: Record<string, string | null> | null): AppConfig["env"] {
  if (patch === null) return {};
  const entries = Object.entries({ ...base, ...patch });
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null));
}

/** The configuration of an app without hooks does not have the field: older ones do not either. */
function mergeHooks(config: AppConfig, patch: Reset<Hooks> | null): void {
  const entries = patch === null ? [] : Object.entries({ ...config.hooks, ...patch });
  const left = entries.filter(([, hook]) => hook != null);
  if (left.length === 0) delete config.hooks;
  else config.hooks = Object.fromEntries(left) as Hooks;
}

/** One bound alone pulls the other along. */
function mergeReplicas(
  base: AppConfig["replicas"],
  patch: Reset<AppConfig["replicas"]> | null,
  initial: AppConfig["replicas"],
): AppConfig["replicas"] {
  const { min, max } = section(base, patch, initial);
  if (min <= max) return { min, max };
  return patch?.max === undefined ? { min, max: min } : { min: max, max };
}

const same = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);
