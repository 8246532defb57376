// An app as lists show it: computed at the moment of asking, a few microseconds each, because lists are long.
import type { Context } from "../context.ts";
import { type App, linkedFolder } from "../domain/app.ts";
import type { AppSummary, AppView, InstanceView } from "../domain/app-view.ts";
import { countRestarts } from "../domain/crash-history.ts";
import type { Deployment } from "../domain/deployment.ts";
import { hostsOf } from "../domain/hosts-of.ts";
import type { Instance } from "../domain/instance.ts";
import type { Facts, InstanceFacts } from "../domain/plan.ts";
import type { Release } from "../domain/release.ts";
import { appState, explain } from "../domain/state.ts";
import { notApplied } from "./not-applied.ts";

/** What every view of an app is computed from. */
export interface Seen {
  facts: Facts;
  rows: readonly Instance[];
  target: Release | undefined;
  latest: Deployment | undefined;
  /** The newest instance that is ready; else the newest that lives. */
  serving: Instance | undefined;
}

export function lookAt(context: Context, app: App): Seen {
  const { store } = context;
  const facts = context.reconciler.facts(app);
  const living = facts.instances.toReversed();
  const serving =
    living.find((one) => instanceState(one) === "running") ??
    living.find((one) => instanceState(one) !== "ended");
  return {
    facts,
    rows: store.instances.ofApp(app.id),
    target: app.targetReleaseId === null ? undefined : store.releases.get(app.targetReleaseId),
    latest: store.deployments.ofApp(app.id).at(-1),
    serving: serving === undefined ? undefined : store.instances.get(serving.id),
  };
}

/** How each field of a summary is found, so that a list of a few fields costs no more than these. */
const FIELDS: { [Field in keyof AppSummary]: (context: Context, app: App, seen: Seen) => AppSummary[Field] } =
  {
    id: (_, app) => app.id,
    name: (_, app) => app.name,
    state: (_, app, { facts, latest }) => appState(app, facts, latest),
    reason: (_, app, { facts, latest, rows }) => explain(app, facts, latest, rows),
    nextTryAt: (_, __, { facts }) =>
      facts.wanted && facts.start.leave === "later" ? new Date(facts.start.at).toISOString() : null,
    enabled: (_, app) => app.enabled,
    engine: (_, app) => app.engine,
    framework: (_, __, { target }) => target?.launch.framework ?? null,
    path: (_, app, { target }) => pathOf(app, target),
    port: (_, app, { serving }) =>
      serving?.port ?? (typeof app.config.port === "number" ? app.config.port : null),
    pid: (context, _, { serving }) => (serving === undefined ? null : pidOf(context, serving)),
    url: (context, app, { target }) => urlsOf(context, app, target)[0] ?? null,
    release: (context, _, { serving, target }) =>
      releaseNumber(context, serving?.releaseId ?? (target?.launch.staticRoot == null ? null : target.id)),
    restarts: (_, app, { rows }) => countRestarts(app, rows),
    health: (_, __, { facts }) => healthOf(facts),
    runningSince: (_, app, seen) => runningSince(app, seen),
    notApplied: (context, app) => notApplied(context, app),
    lastStartedAt: (_, app) =>
      app.lastStartedAt === null ? null : new Date(app.lastStartedAt).toISOString(),
  };

const ALL = Object.keys(FIELDS) as (keyof AppSummary)[];

export const isSummaryField = (field: string): field is keyof AppSummary => Object.hasOwn(FIELDS, field);

/** These fields of a summary. */
export function pickSummary<Field extends keyof AppSummary>(
  context: Context,
  app: App,
  fields: readonly Field[],
  seen: Seen = lookAt(context, app),
): Pick<AppSummary, Field> {
  const summary: Partial<Pick<AppSummary, Field>> = {};
  for (const field of fields) summary[field] = FIELDS[field](context, app, seen);
  return summary as Pick<AppSummary, Field>;
}

export const showSummary = (context: Context, app: App, seen?: Seen): AppSummary =>
  pickSummary(context, app, ALL, seen);

/** Since when the run that serves has been going; a static app's since it was asked for. */
function runningSince(app: App, { serving, facts, target }: Seen): string | null {
  const isStatic = facts.wanted && target?.launch.staticRoot != null;
  const at = serving?.createdAt ?? (isStatic ? app.lastStartedAt : null);
  return at === null ? null : new Date(at).toISOString();
}

/** The owner's folder, or where its code is kept; empty while there is none. */
const pathOf = (app: App, target: Release | undefined): string =>
  linkedFolder(app) ?? target?.launch.cwd ?? "";

/** The app's own address first; none for an app that is known to serve nothing. */
export function urlsOf({ settings }: Context, app: App, target: Release | undefined): string[] {
  if (target?.launch.listens === "none" && target.launch.staticRoot === null) return [];
  const port = settings.httpPort === 80 ? "" : `:${settings.httpPort}`;
  return hostsOf(settings.domain, app).map((host) => `http://${host}${port}`);
}

/** The process of the app itself, where the engine sees one. */
export function pidOf(context: Context, row: Instance): number | null {
  if (row.handle === null || row.endedAt !== null) return null;
  const seen = context.engines[row.engine]?.inspect(row.id, row.handle);
  return seen?.status === "running" ? seen.pid : null;
}

export const releaseNumber = ({ store }: Context, id: string | null): number | null =>
  id === null ? null : (store.releases.get(id)?.number ?? null);

export function instanceState(facts: InstanceFacts): InstanceView["state"] {
  if (facts.stopping) return "stopping";
  return facts.phase === "ready" ? "running" : facts.phase;
}

function healthOf(facts: Facts): AppView["health"] {
  const phases = facts.instances.filter((one) => !one.stopping).map((one) => one.phase);
  if (phases.includes("ready") || (facts.isStatic && facts.wanted)) return "healthy";
  if (phases.includes("unhealthy")) return "unhealthy";
  return phases.includes("starting") ? "starting" : "none";
}
