// The one description of everything an owner can set: manifest, `gantry config` and the API read by this table.
import { checkEntry } from "./entry.ts";
import { checkHost } from "./host.ts";
import { hookReader } from "./manifest-hooks.ts";
import { checked, decimal, line, listOf, oneOf, type Reader, text, truth, words } from "./manifest-read.ts";
import {
  duration,
  envReader,
  healthCheck,
  httpPath,
  nameList,
  portReader,
  signal,
} from "./manifest-values.ts";
import { checkAppName } from "./name.ts";
import { parseSize } from "./size.ts";

/** One key: what it says, how it is read, and where in the patch it goes. */
export interface Key {
  about: string;
  reader: Reader<unknown>;
  /** Field of the configuration, or of its section. */
  to: string;
}

/** A key with keys of its own. `short` reads a single value in place of a mapping and names the key that it means. */
export interface Section {
  about: string;
  to: string;
  keys: Record<string, Key>;
  short: (text: string) => { key: string; value: string } | undefined;
}

const DAY = 86_400_000;

const size: Reader<number> = checked(
  (value) => {
    const bytes = parseSize(value);
    if (bytes < 1024 * 1024) throw new RangeError("it must be at least 1m");
    return bytes;
  },
  { type: "string", examples: ["512k", "256m", "1g"] },
);

const key = (to: string, reader: Reader<unknown>, about: string): Key => ({ to, reader, about });
const never = (): undefined => undefined;

/** Keys that go beside the configuration: into the app itself. */
export const APP_KEYS: Record<string, Key> = {
  name: key("name", checked(checkAppName, { type: "string", maxLength: 63 }), "Name: one DNS label."),
  path: key("path", line, "Folder with the code; default: the manifest's folder."),
  engine: key(
    "engine",
    oneOf("process", "compose", "docker", "swarm", "kubernetes"),
    "What runs it; this version has process.",
  ),
  enabled: key("enabled", truth, "A disabled app can't start."),
};

/** Keys of the configuration that hold one value. */
export const CONFIG_KEYS: Record<string, Key> = {
  run: key("run", text, "Command line, split into words as a shell does; $PORT and $HOST are set."),
  shell: key("shell", truth, "Give run to a shell."),
  entry: key("entry", checked(checkEntry, { type: "string" }), "ASGI or WSGI app as module:variable."),
  args: key("args", words, "Further words after the command."),
  port: key("port", portReader, "auto, none or a number."),
  host: key("host", checked(listenAddress, { type: "string" }), "Address to listen on; default 127.0.0.1."),
  env: key("env", envReader, "Environment variables; values are kept as written."),
  env_file: key("envFile", line, "A .env file, read at each start."),
  depends_on: key("dependsOn", nameList, "Apps that must be ready before this one starts."),
  watch: key("watch", truth, "Restart when files change."),
  domains: key(
    "domains",
    listOf(checked((value, { domain }) => checkHost(value, domain), { type: "string" })),
    "Further host names.",
  ),
  warm: key("warm", truth, "Keep a process ready for the next deploy, where that helps; default true."),
  strategy: key("strategy", oneOf("auto", "start-first", "stop-first"), "How a new instance takes over."),
};

export const SECTIONS: Record<string, Section> = {
  replicas: {
    about: "How many instances run.",
    to: "replicas",
    short: (value) => ({ key: "min", value }),
    keys: { min: key("min", decimal(0, 100), "At least."), max: key("max", decimal(1, 100), "At most.") },
  },
  restart: {
    about: "What happens when it ends by itself.",
    to: "restart",
    short: (value) => ({ key: "policy", value }),
    keys: {
      policy: key("policy", oneOf("always", "on-failure", "never"), "always, on-failure or never."),
      delay: key("delayMs", duration(0, DAY), "First delay; doubles with each crash."),
      max: key("max", decimal(0, 1_000_000), "Crashes in a row until Gantry gives up."),
      window: key("windowMs", duration(1, 30 * DAY), "A run as long as this ends a row of crashes."),
    },
  },
  health: {
    about: "How to see that it works; default: as detected.",
    to: "health",
    short: healthShort,
    keys: {
      path: key("check", httpPath, "HTTP: 200 to 399 is healthy."),
      tcp: key("check", healthCheck("tcp"), "TCP: an open port is healthy."),
      none: key("check", healthCheck("none"), "A living process is healthy."),
      command: key("check", healthCheck("command"), "Command: exit code 0 is healthy."),
      interval: key("intervalMs", duration(100, DAY), "Time between two checks."),
      timeout: key("timeoutMs", duration(10, DAY / 24), "Longest time of one check."),
      retries: key("retries", decimal(1, 1_000), "Failures in a row until it is unhealthy."),
      start_period: key("startPeriodMs", duration(0, DAY), "Time for the first success."),
    },
  },
  resources: {
    about: "Limits of one instance.",
    to: "resources",
    short: never,
    keys: {
      cpu: key("cpu", decimal(0.01, 1_024, false), "CPUs; 0.5 is half of one."),
      memory: key("memoryBytes", size, "Memory."),
      pids: key("pids", decimal(1, 4_000_000), "Processes and threads."),
    },
  },
  hooks: {
    about: "Commands that run at turning points: a command line, or run, timeout and shell.",
    to: "hooks",
    short: never,
    keys: {
      pre_deploy: key("pre_deploy", hookReader, "In a new release, before its first start; must succeed."),
      post_deploy: key("post_deploy", hookReader, "When a new release serves."),
      pre_start: key("pre_start", hookReader, "Before the app is started; must succeed."),
      post_start: key("post_start", hookReader, "When the app is ready."),
      pre_stop: key("pre_stop", hookReader, "Before a running app is stopped; must succeed."),
      post_stop: key("post_stop", hookReader, "When all of the app has ended."),
    },
  },
  stop: {
    about: "How it is asked to end.",
    to: "stop",
    short: never,
    keys: {
      signal: key("signal", signal, "Signal that asks it to end."),
      timeout: key("timeoutMs", duration(0, DAY), "Time until it is killed."),
    },
  },
};

/** Keys that the surface knows and a later version will read. */
export const LATER_KEYS: readonly string[] = ["schedule"];

export const ALL_KEYS: readonly string[] = [APP_KEYS, CONFIG_KEYS, SECTIONS]
  .flatMap(Object.keys)
  .concat(LATER_KEYS);

function healthShort(value: string): { key: string; value: string } | undefined {
  if (value.startsWith("/")) return { key: "path", value };
  if (value === "tcp" || value === "none") return { key: value, value: "true" };
  return value === "false" ? { key: "none", value: "true" } : undefined;
}

function listenAddress(value: string): string {
  if (/^(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]*)$/i.test(value))
    return value.toLowerCase();
  throw new RangeError("it must be an IP address or localhost");
}
