// An app as every face shows it: computed at the moment of asking.
import type { Context } from "../context.ts";
import { type App, linkedFolder } from "../domain/app.ts";
import type { AppConfigView, AppView, InstanceView } from "../domain/app-view.ts";
import type { Deployment } from "../domain/deployment.ts";
import { failedStart } from "../domain/hook.ts";
import type { Instance } from "../domain/instance.ts";
import type { Facts, InstanceFacts } from "../domain/plan.ts";
import { codeOf } from "../domain/release.ts";
import { addressText } from "../lib/address-text.ts";
import { openDraft } from "./open-draft.ts";
import { instanceState, lookAt, pidOf, releaseNumber, showSummary, urlsOf } from "./show-summary.ts";

/** How many ended instances are shown beside the living ones. */
const ENDED_SHOWN = 5;
const LAST_LINES = 20;

/** Cheap: no output is read. */
export function showApp(context: Context, app: App): AppView {
  const { store } = context;
  const seen = lookAt(context, app);
  const { facts, rows, target, serving } = seen;
  return {
    ...showSummary(context, app, seen),
    source: app.source,
    toolchain: target?.launch.toolchain ?? null,
    run: target?.run ?? app.config.run,
    entry: target?.entry ?? app.config.entry,
    host: serving?.host ?? null,
    urls: urlsOf(context, app, target),
    instances: showInstances(context, facts, rows),
    latestRelease: store.releases.ofApp(app.id).at(-1)?.number ?? null,
    replicas: app.config.replicas,
    secrets: Object.keys(app.secrets ?? {}).sort(),
    code: target === undefined ? null : codeOf(target).type,
    draft: showOpenDraft(context, app),
    deployment: showLatest(seen.latest),
    createdAt: iso(app.createdAt),
    updatedAt: iso(app.updatedAt),
    lastLines: [],
  };
}

/** With the last lines of output (or of the build) where the app is in trouble. */
export async function showAppDetail(context: Context, app: App): Promise<AppView> {
  const view = showApp(context, app);
  const hasFailedDeploy = view.state === "running" && view.deployment?.state === "failed";
  if (!hasFailedDeploy && !["failed", "backing-off", "unhealthy", "starting"].includes(view.state))
    return view;
  const hook = failedStart(context.reconciler.facts(app).hooks);
  const run = hook === undefined ? undefined : context.store.executions.lastHooks(app.id).get(hook);
  if (run !== undefined)
    return { ...view, lastLines: await context.output.lastLines(app.name, run.id, LAST_LINES) };
  const latest = context.store.deployments.ofApp(app.id).at(-1);
  const newest = context.store.instances.ofApp(app.id).at(-1);
  const isNews = hasFailedDeploy || newest === undefined || newest.createdAt <= (latest?.endedAt ?? 0);
  if (latest?.state === "failed" && isNews) return { ...view, lastLines: latest.lastLines };
  if (newest === undefined) return view;
  return { ...view, lastLines: await context.logs.lastLines(app.name, newest.id, LAST_LINES) };
}

const showLatest = (latest: Deployment | undefined): AppView["deployment"] =>
  latest === undefined ? null : { id: latest.id, state: latest.state, reason: latest.reason };

function showOpenDraft(context: Context, app: App): AppView["draft"] {
  const draft = openDraft(context, app);
  return draft === null ? null : { savedAt: iso(draft.savedAt), author: draft.author };
}

/** The whole configuration as it is stored. */
export const showConfig = (app: App): AppConfigView => ({
  ...app.config,
  name: app.name,
  enabled: app.enabled,
  engine: app.engine,
  path: linkedFolder(app) ?? "",
});

function showInstances(context: Context, facts: Facts, rows: readonly Instance[]): InstanceView[] {
  const living = new Map(facts.instances.map((instance) => [instance.id, instance]));
  const ended = rows.filter((row) => row.endedAt !== null).slice(-ENDED_SHOWN);
  return [...rows.filter((row) => row.endedAt === null).toReversed(), ...ended.toReversed()].map((row) =>
    showInstance(context, row, living.get(row.id)),
  );
}

function showInstance(context: Context, row: Instance, facts: InstanceFacts | undefined): InstanceView {
  return {
    id: row.id,
    release: releaseNumber(context, row.releaseId) ?? 0,
    state: facts === undefined ? "ended" : instanceState(facts),
    pid: pidOf(context, row),
    address: row.port === null ? null : addressText(row.host, row.port),
    startedAt: iso(row.createdAt),
    endedAt: row.endedAt === null ? null : iso(row.endedAt),
    exit: row.exit,
    message: row.message ?? context.reconciler.health(row.id)?.reason ?? null,
  };
}

const iso = (at: number): string => new Date(at).toISOString();
