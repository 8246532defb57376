// The log room: files that the instances write by themselves, watched, bounded and read back.
import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";
import { GantryError } from "../../domain/errors.ts";
import type { Logs } from "../../domain/log-line.ts";
import { AppLogs } from "./app-logs.ts";
import { HeadFreer } from "./free-head.ts";
import { lastLines } from "./last-lines.ts";
import { readLogs } from "./read-logs.ts";

export interface LogsOptions {
  /** Absolute path of GANTRY_HOME. */
  home: string;
  /**
   * Cap in bytes over all files of an app; an eighth of it is kept free. Freeing takes the lock that writing takes, so a burst of
   * more than 512 MiB/s goes on unhindered up to three times the cap, and is cut back 15 ms after its end, or when it gets slower,
   * or beyond that. In any case what is written between two looks (5 ms in a flood) and while the freeing (a process of its own)
   * starts comes on top. The writer never waits for this process, no line that is kept is changed, and offsets never move.
   */
  maxBytesPerApp: number;
  retentionDays: number;
  /** Epoch milliseconds. */
  now?: () => number;
  /** Milliseconds that no clock change moves: how fast output comes. */
  monotonic?: () => number;
  log?: { warn(message: string, details?: Record<string, unknown>): void };
}

/** Files of ended instances that an app keeps; twice as many in between. */
const KEEP_ENDED = 50;
/** Time for the daemon to attach what it adopts, before anything unattached may be deleted. */
const SETTLE_MS = 10_000;
const DAY_MS = 86_400_000;

/** See the contract in domain/log-line.ts. */
export function createLogs(options: LogsOptions): Logs {
  const { home, maxBytesPerApp: maxBytes, retentionDays, now = Date.now, monotonic } = options;
  const appsFolder = join(home, "apps");
  const apps = new Map<string, AppLogs>();
  const freer = new HeadFreer();
  const settledAt = now() + SETTLE_MS;
  const warn = (message: string, details: Record<string, unknown>): void =>
    options.log?.warn(message, details);
  const ofApp = (name: string): AppLogs => {
    const known = apps.get(name);
    if (known) return known;
    const folder = join(appsFolder, plainName(name), "logs");
    const made = new AppLogs({ app: name, folder, maxBytes, now, monotonic, freer, settledAt, warn });
    apps.set(name, made);
    return made;
  };
  const pruneApp = (app: AppLogs): void => app.prune(now() - retentionDays * DAY_MS, KEEP_ENDED);
  return {
    fileOf: (app, instanceId) => ofApp(app).file(plainName(instanceId)).path,
    attach: (app, instanceId) => ofApp(app).file(plainName(instanceId)).attach(),
    detach: (instanceId) => {
      for (const app of apps.values()) {
        app.files.get(instanceId)?.detach();
        if (app.files.size > KEEP_ENDED * 2) setImmediate(() => pruneApp(app));
      }
    },
    read: (names, query, signal) => readLogs([...new Set(names)].map(ofApp), query, signal),
    lastLines: (app, instanceId, count) => lastLines(ofApp(app), plainName(instanceId), count),
    prune: async () => {
      for (const name of namesIn(appsFolder)) {
        const app = ofApp(name);
        pruneApp(app);
        if (app.idle) apps.delete(name);
        // Pruning a thousand apps shall not hold up the daemon.
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    forget: (app) => {
      apps.get(app)?.close();
      apps.delete(app);
    },
    close: () => {
      for (const app of apps.values()) app.close();
    },
  };
}

/** Names come from checked rows; this only makes sure that no path can be built from one. */
function plainName(name: string): string {
  if (/^[\w-][\w.-]*$/.test(name)) return name;
  throw new GantryError("invalid-input", { field: "instance", reason: "that is no instance's id" });
}

function namesIn(folder: string): string[] {
  let entries: Dirent[] = [];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    // No app yet.
  }
  return entries
    .filter((entry) => entry.isDirectory() && /^[\w-][\w.-]*$/.test(entry.name))
    .map(({ name }) => name);
}
