// Gathers the facts about one app: rows, what the engine sees, what the checks say.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { failedTries, lastCrash } from "../domain/crash-history.ts";
import type { Instance } from "../domain/instance.ts";
import type { Facts, InstanceFacts, StartLeave } from "../domain/plan.ts";
import type { Release } from "../domain/release.ts";
import { nextRestart, type RestartVerdict } from "../domain/restart-policy.ts";
import { hasFailedTrial } from "../domain/trial.ts";
import { observeHooks } from "./observe-hooks.ts";
import type { WorkingState } from "./working-state.ts";

/** New instances that should take over from a healthy one get these tries, also where nothing is to go back to. */
const TRIES_BESIDE_A_HEALTHY_ONE = 3;

export function observe(context: Context, state: WorkingState, app: App): Facts {
  const { store } = context;
  const release = app.targetReleaseId === null ? undefined : store.releases.get(app.targetReleaseId);
  const rows = store.instances.ofApp(app.id);
  const instances = rows
    .filter((instance) => instance.endedAt === null)
    .map((instance) => observeInstance(context, state, app, instance));
  const canRevert = hasWayBack(context, app);
  return {
    wanted: app.wanted && app.enabled && app.deletedAt === null,
    hasRelease: release !== undefined,
    isStatic: release?.launch.staticRoot != null,
    replicas:
      release?.launch.port === null || release === undefined ? Math.max(1, app.config.replicas.min) : 1,
    strategy: effectiveStrategy(app, release),
    replaceUnhealthy: release?.launch.restart.policy !== "never" || canRevert,
    ...(release === undefined || !app.wanted
      ? { start: { leave: "now" }, finished: false, trialFailed: false, failedTries: 0 }
      : judge(context, state, { app, release, rows, living: instances, canRevert })),
    blockedBy: blockedBy(context, app),
    targetIsGood: app.targetReleaseId === app.goodReleaseId,
    canRevert,
    hooks: observeHooks(context, app, release, rows),
    instances,
  };
}

const hasWayBack = ({ store }: Context, { goodReleaseId, targetReleaseId }: App): boolean =>
  goodReleaseId !== null &&
  goodReleaseId !== targetReleaseId &&
  store.releases.get(goodReleaseId) !== undefined;

function effectiveStrategy(app: App, release: Release | undefined): Facts["strategy"] {
  if (release?.launch.strategy === "start-first" && app.ignoresPort && app.config.strategy !== "start-first")
    return "stop-first";
  return release?.launch.strategy ?? "start-first";
}

function observeInstance(context: Context, state: WorkingState, app: App, instance: Instance): InstanceFacts {
  return {
    id: instance.id,
    current: instance.releaseId === app.targetReleaseId && instance.generation === app.generation,
    ofTarget: instance.releaseId === app.targetReleaseId,
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

interface Case {
  app: App;
  release: Release;
  rows: readonly Instance[];
  living: InstanceFacts[];
  canRevert: boolean;
}

/** What the runs so far mean for the next one. */
function judge(
  context: Context,
  state: WorkingState,
  { app, release, rows, living, canRevert }: Case,
): Pick<Facts, "start" | "finished" | "trialFailed" | "failedTries"> {
  const { launch } = release;
  const isBesideHealthy = living.some(
    ({ current, phase, stopping, routed, routable }) =>
      !current && phase === "ready" && !stopping && (routed || !routable),
  );
  const most = launch.restart.max;
  const max = isBesideHealthy ? Math.min(TRIES_BESIDE_A_HEALTHY_ONE, most) : most;
  const last = lastCrash(app, rows);
  const verdict = nextRestart(last, { ...launch.restart, max });
  const tries = {
    failed: failedTries(app, rows, launch),
    isUnhealthy: living.some((one) => one.current && !one.stopping && one.phase === "unhealthy"),
    isBesideHealthy,
    mayTryAgain: verdict.verdict === "restart",
  };
  return {
    start: leaveOf(verdict, () => sinceLastEnd(context, state, app, rows), context.clock.now()),
    finished: verdict.verdict === "done" && last?.success === true && launch.listens !== "required",
    failedTries: tries.failed.length,
    // The edge can't go back at will: its older program may be gone.
    trialFailed: canRevert && !app.system && hasFailedTrial(tries),
  };
}

function leaveOf(verdict: RestartVerdict, sinceEnd: () => number, now: number): StartLeave {
  if (verdict.verdict !== "restart")
    return { leave: "never", because: verdict.verdict === "done" ? "done" : "gave-up" };
  const remaining = verdict.delayMs - sinceEnd();
  return remaining <= 0 ? { leave: "now" } : { leave: "later", at: now + remaining };
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
