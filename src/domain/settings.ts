// The settings of one Gantry home: names, defaults, and what counts as malformed. Pure.
import { GantryError } from "./errors.ts";

export interface Settings {
  /** Absolute path of GANTRY_HOME. */
  home: string;
  host: string;
  port: number;
  httpPort: number;
  httpsPort: number;
  domain: string;
  portRange: { first: number; last: number };
  databaseUrl: string | null;
  maxUploadMb: number;
  logMaxMb: number;
  logRetentionDays: number;
  backupRetention: number;
  /** So many releases of an app are kept. */
  releaseRetention: number;
  restartDelayMs: number;
  maxRestarts: number;
  restartWindowS: number;
  healthIntervalS: number;
  /** Absolute path of the list of packages that may be installed; null: all may. */
  allowedPackages: string | null;
  /** False: what has to be built from its source is not installed. */
  allowSourceBuilds: boolean;
  logLevel: "trace" | "debug" | "info" | "warn" | "error" | "silent";
}

type Parse = (text: string) => unknown;

const whole =
  (min: number, max: number): Parse =>
  (text) => {
    if (!/^\d{1,15}$/.test(text)) throw new Error("it must be a whole number");
    const value = Number(text);
    if (value < min || value > max) throw new Error(`it must be from ${min} to ${max}`);
    return value;
  };

const port = whole(1, 65_535);

const portRange: Parse = (text) => {
  const match = /^(\d{1,5})-(\d{1,5})$/.exec(text);
  if (!match) throw new Error("it must look like 5000-5999");
  const [first, last] = [Number(match[1]), Number(match[2])];
  if (first < 1 || last > 65_535 || first > last) throw new Error("it must be a range within 1-65535");
  return { first, last };
};

const domain: Parse = (text) => {
  if (!/^(?=.{1,190}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/.test(text))
    throw new Error("it must be a lower-case domain name");
  return text;
};

const host: Parse = (text) => {
  if (!/^[0-9a-zA-Z.:-]{1,253}$/.test(text)) throw new Error("it must be an address or a host name");
  return text;
};

const oneOf =
  (...words: string[]): Parse =>
  (text) => {
    if (!words.includes(text)) throw new Error(`it must be one of ${words.join(", ")}`);
    return text;
  };

const databaseUrl: Parse = (text) => {
  if (!/^postgres(ql)?:\/\//.test(text)) throw new Error("it must begin with postgres://");
  return text;
};

const absolutePath: Parse = (text) => {
  if (!text.startsWith("/") || text.includes("\0")) throw new Error("it must be an absolute path");
  return text;
};

const yesOrNo: Parse = (text) => {
  if (text !== "true" && text !== "false") throw new Error("it must be true or false");
  return text === "true";
};

/** Setting → where it goes, its default as text, its parser. */
const TABLE: Record<string, { key: Exclude<keyof Settings, "home">; default: string | null; parse: Parse }> =
  {
    GANTRY_HOST: { key: "host", default: "127.0.0.1", parse: host },
    GANTRY_PORT: { key: "port", default: "7070", parse: port },
    GANTRY_HTTP_PORT: { key: "httpPort", default: "7080", parse: port },
    GANTRY_HTTPS_PORT: { key: "httpsPort", default: "7443", parse: port },
    GANTRY_DOMAIN: { key: "domain", default: "localhost", parse: domain },
    GANTRY_PORT_RANGE: { key: "portRange", default: "5000-5999", parse: portRange },
    GANTRY_DATABASE_URL: { key: "databaseUrl", default: null, parse: databaseUrl },
    GANTRY_MAX_UPLOAD_MB: { key: "maxUploadMb", default: "100", parse: whole(1, 1_000_000) },
    GANTRY_LOG_MAX_MB: { key: "logMaxMb", default: "64", parse: whole(1, 1_000_000) },
    GANTRY_LOG_RETENTION_DAYS: { key: "logRetentionDays", default: "30", parse: whole(1, 36_500) },
    GANTRY_BACKUP_RETENTION: { key: "backupRetention", default: "10", parse: whole(1, 10_000) },
    GANTRY_RELEASE_RETENTION: { key: "releaseRetention", default: "10", parse: whole(1, 10_000) },
    GANTRY_RESTART_DELAY_MS: { key: "restartDelayMs", default: "200", parse: whole(0, 3_600_000) },
    GANTRY_MAX_RESTARTS: { key: "maxRestarts", default: "10", parse: whole(0, 1_000_000) },
    GANTRY_RESTART_WINDOW_S: { key: "restartWindowS", default: "60", parse: whole(1, 86_400) },
    GANTRY_HEALTH_INTERVAL_S: { key: "healthIntervalS", default: "10", parse: whole(1, 86_400) },
    GANTRY_ALLOWED_PACKAGES: { key: "allowedPackages", default: null, parse: absolutePath },
    GANTRY_ALLOW_SOURCE_BUILDS: { key: "allowSourceBuilds", default: "true", parse: yesOrNo },
    GANTRY_LOG_LEVEL: {
      key: "logLevel",
      default: "info",
      parse: oneOf("trace", "debug", "info", "warn", "error", "silent"),
    },
  };

/** Variables that Gantry sets or reads besides the settings. */
const NOT_SETTINGS = new Set(["GANTRY_HOME", "GANTRY_HOME_ID", "GANTRY_INSTANCE", "GANTRY_APP"]);

/**
 * The settings from the environment (wins) and from `config.yaml` (lower-case names without prefix).
 * Throws `invalid-setting` for the first unknown or malformed one.
 */
export function parseSettings(
  home: string,
  environment: Record<string, string | undefined>,
  file: Record<string, unknown> = {},
): Settings {
  const given = new Map<string, string>();
  for (const [key, value] of Object.entries(file)) {
    const name = `GANTRY_${key.toUpperCase()}`;
    if (!/^[a-z_]+$/.test(key) || TABLE[name] === undefined) throw unknown(key, `${home}/config.yaml`);
    if (typeof value !== "string" && typeof value !== "number")
      throw new GantryError("invalid-setting", { setting: key, reason: "it must be text or a number" });
    given.set(name, String(value));
  }
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith("GANTRY_") || NOT_SETTINGS.has(name) || value === undefined || value === "")
      continue;
    if (TABLE[name] === undefined) throw unknown(name, "the environment");
    given.set(name, value);
  }
  const settings: Record<string, unknown> = { home };
  for (const [name, entry] of Object.entries(TABLE)) {
    const text = given.get(name) ?? entry.default;
    settings[entry.key] = text === null ? null : read(name, text, entry.parse);
  }
  return settings as unknown as Settings;
}

function read(setting: string, text: string, parse: Parse): unknown {
  try {
    return parse(text);
  } catch (error) {
    const shown = setting === "GANTRY_DATABASE_URL" ? "" : ` (it is ${JSON.stringify(text.slice(0, 80))})`;
    throw new GantryError("invalid-setting", { setting, reason: `${(error as Error).message}${shown}` });
  }
}

const unknown = (setting: string, where: string): GantryError =>
  new GantryError("invalid-setting", {
    setting,
    reason: `no such setting (in ${where})`,
    hint: `Settings are ${Object.keys(TABLE).join(", ")}.`,
  });
