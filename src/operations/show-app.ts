// An app as every face shows it: computed at the moment of asking.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { AppConfigView, AppView, InstanceView } from "../domain/app-view.ts";
import { crashHistory } from "../domain/crash-history.ts";
import { hostsOf } from "../domain/hosts-of.ts";
import type { Instance } from "../domain/instance.ts";
import type { Facts, InstanceFacts } from "../domain/plan.ts";
import { appState, explain } from "../domain/state.ts";

/** How many ended instances are shown beside the living ones. */
const ENDED_SHOWN = 5;
const LAST_LINES = 20;

/** Cheap: no output is read. */
export function showApp(context: Context, app: App): AppView {
  const { store } = context;
  const facts = context.reconciler.facts(app);
  const rows = store.instances.ofApp(app.id);
  const target = app.targetReleaseId === null ? undefined : store.releases.get(app.targetReleaseId);
  const latest = store.deployments.ofApp(app.id).at(-1);
  const instances = showInstances(context, facts, rows);
  const serving =
    instances.find((one) => one.state === "running") ?? instances.find((one) => one.state !== "ended");
  const row = serving === undefined ? undefined : store.instances.get(serving.id);
  const urls =
    target?.launch.listens === "none" && target.launch.staticRoot === null ? [] : urlsOf(context, app);
  return {
    id: app.id,
    name: app.name,
    state: appState(app, facts, latest),
    reason: explain(app, facts, latest, rows),
    nextTryAt: facts.wanted && facts.start.leave === "later" ? iso(facts.start.at) : null,
    enabled: app.enabled,
    engine: app.engine,
    source: app.source,
    path: app.source.path,
    toolchain: target?.launch.toolchain ?? null,
    framework: target?.launch.framework ?? null,
    run: target?.run ?? app.config.run,
    entry: target?.entry ?? app.config.entry,
    host: row?.host ?? null,
    port: row?.port ?? (typeof app.config.port === "number" ? app.config.port : null),
    pid: serving?.pid ?? null,
    url: urls[0] ?? null,
    urls,
    instances,
    release: releaseNumber(context, row?.releaseId ?? (target?.launch.staticRoot == null ? null : target.id)),
    latestRelease: store.releases.ofApp(app.id).at(-1)?.number ?? null,
    replicas: app.config.replicas,
    restarts: crashHistory(app, rows).length,
    health: healthOf(facts),
    notApplied: notApplied(context, app),
    createdAt: iso(app.createdAt),
    updatedAt: iso(app.updatedAt),
    lastStartedAt: app.lastStartedAt === null ? null : iso(app.lastStartedAt),
    lastLines: [],
  };
}

/** With the last lines of output (or of the build) where the app is in trouble. */
export async function showAppDetail(context: Context, app: App): Promise<AppView> {
  const view = showApp(context, app);
  if (!["failed", "backing-off", "unhealthy", "starting"].includes(view.state)) return view;
  const latest = context.store.deployments.ofApp(app.id).at(-1);
  if (latest?.state === "failed") return { ...view, lastLines: latest.lastLines };
  const newest = context.store.instances.ofApp(app.id).at(-1);
  if (newest === undefined) return view;
  return { ...view, lastLines: await context.logs.lastLines(app.name, newest.id, LAST_LINES) };
}

/** The whole configuration as it is stored. */
export const showConfig = (app: App): AppConfigView => ({
  ...app.config,
  name: app.name,
  enabled: app.enabled,
  engine: app.engine,
  path: app.source.path,
});

/** Names of settings that changed since the target release was made; they take effect with the next restart. */
export function notApplied({ store }: Context, app: App): string[] {
  const release = app.targetReleaseId === null ? undefined : store.releases.get(app.targetReleaseId);
  if (release === undefined) return [];
  const applied = release.config;
  const keys = Object.keys(app.config) as (keyof App["config"])[];
  const changed: string[] = keys.filter(
    (key) =>
      !["replicas", "domains", "dependsOn", "watch"].includes(key) &&
      JSON.stringify(app.config[key]) !== JSON.stringify(applied[key]),
  );
  if (release.launch.cwd !== app.source.path) changed.push("path");
  return changed;
}

/** The app's own address first. */
export const urlsOf = (context: Context, app: App): string[] =>
  hostsOf(context.settings.domain, app).map(
    (host) => `http://${host}${context.settings.httpPort === 80 ? "" : `:${context.settings.httpPort}`}`,
  );

function showInstances(context: Context, facts: Facts, rows: readonly Instance[]): InstanceView[] {
  const living = new Map(facts.instances.map((instance) => [instance.id, instance]));
  const ended = rows.filter((row) => row.endedAt !== null).slice(-ENDED_SHOWN);
  return [...rows.filter((row) => row.endedAt === null).toReversed(), ...ended.toReversed()].map((row) =>
    showInstance(context, row, living.get(row.id)),
  );
}

function showInstance(context: Context, row: Instance, facts: InstanceFacts | undefined): InstanceView {
  const seen =
    row.handle === null || row.endedAt !== null
      ? undefined
      : context.engines[row.engine]?.inspect(row.id, row.handle);
  return {
    id: row.id,
    release: releaseNumber(context, row.releaseId) ?? 0,
    state: facts === undefined ? "ended" : instanceState(facts),
    pid: seen?.status === "running" ? seen.pid : null,
    address: row.port === null ? null : `${row.host}:${row.port}`,
    startedAt: iso(row.createdAt),
    endedAt: row.endedAt === null ? null : iso(row.endedAt),
    exit: row.exit,
    message: row.message ?? context.reconciler.health(row.id)?.reason ?? null,
  };
}

function instanceState(facts: InstanceFacts): InstanceView["state"] {
  if (facts.stopping) return "stopping";
  return facts.phase === "ready" ? "running" : facts.phase;
}

function healthOf(facts: Facts): AppView["health"] {
  const phases = facts.instances.filter((one) => !one.stopping).map((one) => one.phase);
  if (phases.includes("ready") || (facts.isStatic && facts.wanted)) return "healthy";
  if (phases.includes("unhealthy")) return "unhealthy";
  return phases.includes("starting") ? "starting" : "none";
}

const releaseNumber = ({ store }: Context, id: string | null): number | null =>
  id === null ? null : (store.releases.get(id)?.number ?? null);

const iso = (at: number): string => new Date(at).toISOString();
