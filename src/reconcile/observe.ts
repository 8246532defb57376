// Gathers the facts about one app: rows, what the engine sees, what the checks say.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { lastCrash } from "../domain/crash-history.ts";
import type { Instance } from "../domain/instance.ts";
import type { Facts, InstanceFacts, StartLeave } from "../domain/plan.ts";
import type { Release } from "../domain/release.ts";
import { nextRestart } from "../domain/restart-policy.ts";
import type { WorkingState } from "./working-state.ts";

/** A new version that should take over from a healthy one gets this many tries. */
const TRIES_BESIDE_A_HEALTHY_ONE = 3;

export function observe(context: Context, state: WorkingState, app: App): Facts {
  const { store } = context;
  const release = app.targetReleaseId === null ? undefined : store.releases.get(app.targetReleaseId);
  const rows = store.instances.ofApp(app.id);
  const instances = rows
    .filter((instance) => instance.endedAt === null)
    .map((instance) => observeInstance(context, state, app, instance));
  const strategy = effectiveStrategy(app, release);
  return {
    wanted: app.wanted && app.enabled && app.deletedAt === null,
    hasRelease: release !== undefined,
    isStatic: release?.launch.staticRoot != null,
    replicas:
      release?.launch.port === null || release === undefined ? Math.max(1, app.config.replicas.min) : 1,
    strategy,
    replaceUnhealthy: release?.launch.restart.policy !== "never",
    start:
      release === undefined || !app.wanted
        ? { leave: "now" }
        : startLeave(context, state, app, release, rows, instances),
    blockedBy: blockedBy(context, app),
    targetIsGood: app.targetReleaseId === app.goodReleaseId,
    canRevert: app.goodReleaseId !== null && app.goodReleaseId !== app.targetReleaseId,
    instances,
  };
}

function effectiveStrategy(app: App, release: Release | undefined): Facts["strategy"] {
  if (release?.launch.strategy === "start-first" && app.ignoresPort && app.config.strategy !== "start-first")
    return "stop-first";
  return release?.launch.strategy ?? "start-first";
}

function observeInstance(context: Context, state: WorkingState, app: App, instance: Instance): InstanceFacts {
  return {
    id: instance.id,
    current: instance.releaseId === app.targetReleaseId && instance.generation === app.generation,
    phase: phaseOf(context, instance),
    routable: instance.port !== null && instance.readyAt !== null && listens(context, instance),
    routed: state.routed.get(app.id)?.has(instance.id) ?? false,
    stopping: instance.stopRequestedAt !== null,
    stopInFlight: state.stopsInFlight.has(instance.id),
  };
}

function listens(context: Context, instance: Instance): boolean {
  const release = context.store.releases.get(instance.releaseId);
  if (release?.launch.listens === "required") return true;
  return context.reconciler.health(instance.id)?.listening ?? false;
}

function phaseOf(context: Context, instance: Instance): InstanceFacts["phase"] {
  const engine = context.engines[instance.engine];
  if (engine === undefined) return "unknown";
  if (instance.handle === null) return "ended";
  const seen = engine.inspect(instance.id, instance.handle);
  if (seen.status === "unknown") return "unknown";
  if (seen.status === "ended") return "ended";
  const health = context.reconciler.health(instance.id);
  if (health?.state === "unhealthy") return "unhealthy";
  return instance.readyAt === null ? "starting" : "ready";
}

function startLeave(
  context: Context,
  state: WorkingState,
  app: App,
  release: Release,
  rows: readonly Instance[],
  living: InstanceFacts[],
): StartLeave {
  const policy = release.launch.restart;
  const besideHealthy = living.some(
    (instance) => instance.routed && instance.phase === "ready" && !instance.current,
  );
  const max = besideHealthy ? Math.min(TRIES_BESIDE_A_HEALTHY_ONE, policy.max) : policy.max;
  const verdict = nextRestart(lastCrash(app, rows), { ...policy, max });
  if (verdict.verdict === "restart") {
    const remaining = verdict.delayMs - sinceLastEnd(context, state, app, rows);
    return remaining <= 0 ? { leave: "now" } : { leave: "later", at: context.clock.now() + remaining };
  }
  return { leave: "never", because: verdict.verdict === "done" ? "done" : "gave-up" };
}

/** In ms; by the monotonic clock where the end was seen, so that a jump of the wall clock delays nothing. */
function sinceLastEnd(context: Context, state: WorkingState, app: App, rows: readonly Instance[]): number {
  const seen = state.lastEndAt.get(app.id);
  if (seen !== undefined) return context.clock.monotonic() - seen;
  const stored = Math.max(0, ...rows.map((row) => row.endedAt ?? 0));
  const elapsed = context.clock.now() - stored;
  return elapsed < 0 ? Number.POSITIVE_INFINITY : elapsed;
}

function blockedBy(context: Context, app: App): string[] {
  return app.config.dependsOn.filter((name) => {
    const other = context.store.apps.byName(name);
    return other === undefined || !isReady(context, other);
  });
}

/** Does the app serve: an instance is ready, or it is static and wanted? */
export function isReady(context: Context, app: App): boolean {
  if (!app.wanted || !app.enabled || app.deletedAt !== null) return false;
  const release = app.targetReleaseId === null ? undefined : context.store.releases.get(app.targetReleaseId);
  if (release?.launch.staticRoot != null) return true;
  return context.store.instances
    .ofApp(app.id)
    .some((row) => row.endedAt === null && row.readyAt !== null && row.stopRequestedAt === null);
}
