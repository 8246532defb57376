// Gantry's own edge is an app like any other: this writes down that it is wanted, and in which form.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { configDefaults, defaultConfig } from "../domain/config-patch.ts";
import { DEFAULT_HEALTH } from "../domain/health.ts";
import type { Launch, Release } from "../domain/release.ts";
import { newId } from "../lib/id.ts";

/** No DNS label, so that no app of a person can have this name. */
export const EDGE_NAME = "gantry.edge";

/**
 * Makes the edge of this program wanted. `file` is its bundle; when it or the settings changed, the new edge takes over
 * from the old one on the same port without a lost connection.
 */
export async function ensureEdge(context: Context, file: string, dir: string): Promise<App> {
  const { store, clock } = context;
  const launch = edgeLaunch(context, file, dir);
  const contentHash = createHash("sha256")
    .update(JSON.stringify(launch))
    .update(readFileSync(file))
    .digest("hex");
  const app = store.apps.byName(EDGE_NAME) ?? newEdge(context);
  const target = app.targetReleaseId === null ? undefined : store.releases.get(app.targetReleaseId);
  const release =
    target?.contentHash === contentHash ? target : edgeRelease(context, app, launch, contentHash);
  if (app.wanted && release === target) {
    context.reconciler.wake(app.id);
    return app;
  }
  const now = clock.now();
  const fresh = app.wanted ? {} : { wanted: true, generation: app.generation + 1, generationAt: now };
  const wanted: App = {
    ...app,
    ...fresh,
    targetReleaseId: release.id,
    config: release.config,
    updatedAt: now,
  };
  // Not `write`: a full disk or a locked database must not keep the daemon from its apps.
  await store.record({ put: { apps: [wanted], releases: [release] } });
  context.reconciler.wake(app.id);
  return wanted;
}

function newEdge(context: Context): App {
  const now = context.clock.now();
  return {
    id: newId("a", now),
    name: EDGE_NAME,
    source: { type: "folder", path: context.settings.home },
    engine: "process",
    config: defaultConfig(configDefaults(context.settings)),
    enabled: true,
    system: true,
    wanted: false,
    targetReleaseId: null,
    goodReleaseId: null,
    generation: 0,
    generationAt: now,
    ignoresPort: false,
    createdAt: now,
    updatedAt: now,
    lastStartedAt: null,
    deletedAt: null,
  };
}

function edgeLaunch({ settings }: Context, file: string, dir: string): Launch {
  const open = !["127.0.0.1", "localhost", "::1"].includes(settings.host);
  const addresses = open ? ["0.0.0.0", "[::]"] : ["127.0.0.1", "[::1]"];
  return {
    toolchain: "command",
    framework: null,
    argv: [process.execPath, file],
    cwd: settings.home,
    env: {
      GANTRY_EDGE_LISTEN: addresses.map((address) => `${address}:${settings.httpPort}`).join(","),
      GANTRY_EDGE_DIR: dir,
    },
    listens: "required",
    port: settings.httpPort,
    host: "127.0.0.1",
    staticRoot: null,
    health: { ...DEFAULT_HEALTH, check: { type: "tcp" }, intervalMs: 3_000, retries: 2 },
    // Everything depends on it: it is never given up on, and never away for long.
    restart: {
      policy: "always",
      delayMs: 200,
      max: Number.MAX_SAFE_INTEGER,
      windowMs: 60_000,
      capMs: 1_000,
    },
    stop: { signal: "TERM", timeoutMs: 12_000 },
    resources: { cpu: null, memoryBytes: null, pids: null },
    strategy: "start-first",
  };
}

const edgeRelease = (context: Context, app: App, launch: Launch, contentHash: string): Release => ({
  id: newId("r", context.clock.now()),
  appId: app.id,
  number: Math.max(0, ...context.store.releases.ofApp(app.id).map((one) => one.number)) + 1,
  launch,
  config: app.config,
  run: null,
  entry: null,
  contentHash,
  createdAt: context.clock.now(),
  buildMs: 0,
});
