// The daemon: the only file that builds and connects the parts; start and stop order.
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { type ApiServer, createApi } from "./api/server.ts";
import { keeperOf, nameKeeper, replaceLostKeeper, startKeeper } from "./cli/keeper.ts";
import type { Context } from "./context.ts";
import { GantryError } from "./domain/errors.ts";
import { holdersOfSealed } from "./domain/sealed.ts";
import { parseSettings, type Settings } from "./domain/settings.ts";
import { createEdgeControl } from "./edge/edge-control.ts";
import { createEngines } from "./engines/index.ts";
import { createBus } from "./lib/bus.ts";
import { systemClock } from "./lib/clock.ts";
import { createJsonLog } from "./lib/json-log.ts";
import { createSealer } from "./lib/sealer.ts";
import { createBuilder } from "./operations/builder.ts";
import { checkEdgePort } from "./operations/check-edge-port.ts";
import type { Successor } from "./operations/check-successor.ts";
import { purgeDeleted } from "./operations/delete-app.ts";
import { ensureEdge } from "./operations/ensure-edge.ts";
import { finishMoves } from "./operations/move-home.ts";
import { pruneEnvironments } from "./operations/prune-environments.ts";
import { pruneAfterDeploys, pruneAllReleases } from "./operations/prune-releases.ts";
import { removeUnfinished } from "./operations/remove-unfinished.ts";
import { stopApp, untilStopped } from "./operations/stop-app.ts";
import { watchApps } from "./operations/watch-apps.ts";
import { createExecutions } from "./reconcile/executions.ts";
import { createReconciler } from "./reconcile/reconciler.ts";
import { createCodeStore } from "./sources/code-store/code-store.ts";
import { watchFolder } from "./sources/folder/watch-folder.ts";
import { createSources } from "./sources/index.ts";
import { lockHome } from "./store/home-lock.ts";
import { openStore } from "./store/open-store.ts";
import { createExecutionOutput } from "./telemetry/logs/execution-output.ts";
import { createLogs } from "./telemetry/logs/logs.ts";
import { createToolchains } from "./toolchains/index.ts";

/** Exit statuses that tell the keeper not to try again (sysexits.h): EX_USAGE, EX_CONFIG, EX_TEMPFAIL. */
const WRONG_SETTING = 64;
const CANNOT_START = 78;
const OTHER_DAEMON = 75;
/** So long a deleted app can come back. */
const DELETED_KEPT_MS = 30 * 86_400_000;
const PRUNE_MS = 600_000;
/** The newest finite runs of an app are kept, none longer than this. */
const EXECUTIONS_KEPT = 1_000;
const EXECUTIONS_KEPT_MS = 30 * 86_400_000;

/** Runs until it is asked to stop. Ends the process: 0 asked to stop, 64 a setting is wrong, 75 another daemon has the home, 78 it can't start here. */
export async function runDaemon(): Promise<void> {
  process.umask(0o077);
  try {
    await serve();
  } catch (error) {
    if (!(error instanceof GantryError)) throw error;
    createJsonLog("error").error(error.message, { code: error.code, hint: error.hint });
    if (error.code === "home-locked") process.exit(OTHER_DAEMON);
    process.exit(error.kind === "invalid" ? WRONG_SETTING : CANNOT_START);
  }
}

async function serve(): Promise<void> {
  const settings = readSettings();
  const log = createJsonLog(settings.logLevel);
  surviveSurprises(log);
  const lock = lockHome(settings.home);
  nameKeeper(join(settings.home, "daemon.log"), keeperOf(process.argv));
  const context = await build(settings, log);
  const edgeFile = besideUs("edge.js", "edge/builtin/main.ts");
  await checkEdgePort(context);

  const ending = createEnding();
  const api = await createApi(context, {
    socketPath: join(settings.home, "gantry.sock"),
    host: settings.host,
    port: settings.port,
    shutdown: () => ending.begin({ withEdge: true }),
    replace: (successor) => {
      startSuccessor(settings, successor);
      ending.begin({ withEdge: false });
    },
  });
  await removeUnfinished(context);
  await api.listen();
  await finishMoves(context);
  await context.reconciler.start();
  await ensureEdge(context, edgeFile, edgeDir(settings));
  await context.builder.resume();
  const unwatch = watchApps(context, watchFolder);
  const unprune = pruneAfterDeploys(context);
  await context.store.record({
    events: [
      {
        type: "daemon.started",
        appId: null,
        actor: "daemon",
        message: `Gantry ${context.version} runs (pid ${process.pid})`,
      },
    ],
  });
  log.info("ready", { pid: process.pid, url: api.url });
  const prune = setInterval(() => void tidyUp(context), PRUNE_MS);

  const letKeeperGo = holdKeeper(settings);

  const { withEdge } = await ending.begun;
  clearInterval(prune);
  unwatch();
  unprune();
  await close(context, api, withEdge);
  letKeeperGo();
  lock.release();
  process.exit(0);
}

/** Where a keeper has started this daemon, another one takes its place when it is killed. */
function holdKeeper({ home }: Settings): () => void {
  const keeper = keeperOf(process.argv);
  if (keeper === null) return () => {};
  return replaceLostKeeper(keeper, {
    program: process.execPath,
    daemonFile: fileURLToPath(import.meta.url),
    logFile: join(home, "daemon.log"),
    env: process.env,
  });
}

/** A keeper that waits for this daemon's end and then starts another build's, with the same environment. */
function startSuccessor({ home }: Settings, { program, file }: Successor): void {
  if (keeperOf(process.argv) === null) throw new GantryError("in-foreground");
  const logFile = join(home, "daemon.log");
  startKeeper({ program, daemonFile: file, logFile, env: process.env, pid: process.pid });
}

/** From the environment and `config.yaml`; makes the home. */
function readSettings(): Settings {
  const home = resolve(process.env.GANTRY_HOME || join(homedir(), ".gantry"));
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new GantryError("invalid-setting", {
      setting: "GANTRY_HOME",
      reason: `${home} can't be used: ${(error as Error).message}`,
    });
  }
  const file = join(home, "config.yaml");
  return parseSettings(home, process.env, existsSync(file) ? readConfigFile(file) : {});
}

function readConfigFile(file: string): Record<string, unknown> {
  try {
    // A FIFO would be waited for.
    if (!statSync(file).isFile()) throw new Error("it is no file");
    const content: unknown =
      parse(readFileSync(file, "utf8"), { schema: "failsafe", prettyErrors: false }) ?? {};
    if (typeof content === "object" && content !== null && !Array.isArray(content))
      return content as Record<string, unknown>;
    throw new Error("it must be a list of `name: value` lines");
  } catch (error) {
    throw new GantryError("invalid-manifest", { file, reason: (error as Error).message }, error);
  }
}

/** The parts, connected, at rest. Tests build them without the servers. */
export async function build(settings: Settings, log: Context["log"]): Promise<Context> {
  const { home } = settings;
  const store = await openStore({
    home,
    databaseUrl: settings.databaseUrl,
    log: (level, message, details) => log[level](message, details),
  });
  const context: Context = {
    settings,
    version: readVersion(),
    clock: systemClock,
    log,
    store,
    engines: Object.fromEntries(
      createEngines({ home, log: (message, details) => log.warn(message, details) }).map((engine) => [
        engine.name,
        engine,
      ]),
    ),
    toolchains: createToolchains({
      listFile: settings.allowedPackages,
      sourceBuilds: settings.allowSourceBuilds,
    }),
    sources: createSources({ home, templates: besideUs("../templates", "../templates") }),
    code: createCodeStore({ home }),
    sealer: createSealer({
      keyFile: join(home, "key"),
      holders: () => holdersOfSealed(store),
      refuse: refuseKey,
    }),
    edge: createEdgeControl({ dir: edgeDir(settings), log }),
    logs: createLogs({
      home,
      maxBytesPerApp: settings.logMaxMb * 1024 * 1024,
      retentionDays: settings.logRetentionDays,
    }),
    executions: createExecutions(() => context),
    output: createExecutionOutput({
      home,
      maxBytesPerApp: settings.logMaxMb * 1024 * 1024,
      retentionDays: settings.logRetentionDays,
      log,
    }),
    progress: createBus(),
    reconciler: createReconciler(() => context),
    builder: createBuilder(() => context),
  };
  return context;
}

const refuseKey = (reason: string, cause?: unknown): GantryError =>
  (cause as NodeJS.ErrnoException | undefined)?.code === "ENOSPC"
    ? new GantryError("disk-full", {}, cause)
    : new GantryError("key-unavailable", { reason }, cause);

/** Frees what nobody needs any more: old logs, old releases, unused environments, apps that were deleted long ago. */
async function tidyUp(context: Context): Promise<void> {
  try {
    await context.logs.prune();
    await context.output.prune();
    const before = context.clock.now() - EXECUTIONS_KEPT_MS;
    await context.store.executions.prune({ before, keepPerApp: EXECUTIONS_KEPT });
    await pruneAllReleases(context);
    await pruneEnvironments(context);
    await purgeDeleted(context, DELETED_KEPT_MS);
  } catch (error) {
    context.log.warn("old files could not be removed", { error: String(error) });
  }
}

const edgeDir = ({ home }: Settings): string => join(home, "edge");

/** A file of ours: beside the bundle, or in the source tree when it runs from there. */
const besideUs = (bundled: string, source: string): string =>
  fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? source : bundled, import.meta.url));

const readVersion = (): string =>
  (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string })
    .version;

/** Errors that nobody caught are logged; the keeper starts a new daemon, which finds everything again. */
function surviveSurprises(log: Context["log"]): void {
  const die = (error: unknown): void => {
    log.error("the daemon broke off on a fault of its own", {
      error: String((error as Error)?.stack ?? error),
    });
    process.exit(1);
  };
  process.on("uncaughtException", die);
  process.on("unhandledRejection", die);
}

interface Ending {
  begin(how: { withEdge: boolean }): void;
  begun: Promise<{ withEdge: boolean }>;
}

/** TERM and INT end the daemon and leave all else running; a terminal that closes does nothing. */
function createEnding(): Ending {
  const { promise, resolve: begin } = Promise.withResolvers<{ withEdge: boolean }>();
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => begin({ withEdge: false }));
  process.on("SIGHUP", () => {});
  return { begin, begun: promise };
}

/** The reverse of the start: no more requests, no more changes, then what was recorded is stored. */
async function close(context: Context, api: ApiServer, withEdge: boolean): Promise<void> {
  await api.close();
  await context.builder.close();
  if (withEdge) {
    const edges = [...context.store.apps.all()].filter((app) => app.system);
    await Promise.all(edges.map((app) => stopApp(context, app, "daemon")));
    await Promise.all(edges.map((app) => untilStopped(context, app.id, 15_000)));
  }
  await context.store.record({
    events: [{ type: "daemon.stopped", appId: null, actor: "daemon", message: "Gantry was asked to stop" }],
  });
  await context.reconciler.close();
  context.edge.close();
  context.logs.close();
  context.output.close();
  await Promise.all(context.toolchains.map((toolchain) => toolchain.close?.()));
  for (const engine of Object.values(context.engines)) engine.close();
  await context.store.close();
}

if (import.meta.main) await runDaemon();
