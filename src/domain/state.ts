// The one word that tells how an app is, and the sentence that says why: computed from facts.
import type { App } from "./app.ts";
import { type Deployment, isOpen } from "./deployment.ts";
import { failedStart, HOOKS, runningHook } from "./hook.ts";
import type { Instance } from "./instance.ts";
import type { Facts } from "./plan.ts";

export type AppState =
  | "uploaded"
  | "installing"
  | "installed"
  | "starting"
  | "running"
  | "unhealthy"
  | "stopping"
  | "stopped"
  | "failed"
  | "backing-off"
  | "sleeping"
  | "disabled"
  | "deleted"
  | "unknown";

/** `latest` is the app's newest deployment. */
export function appState(app: App, facts: Facts, latest: Deployment | undefined): AppState {
  if (app.deletedAt !== null) return "deleted";
  const alive = facts.instances.filter((instance) => instance.phase !== "ended");
  if (alive.some((instance) => instance.phase === "unknown")) return "unknown";
  const serving = alive.filter((instance) => !instance.stopping);
  if (facts.wanted && serving.some((instance) => instance.phase === "ready")) return "running";
  if (!facts.wanted) {
    if (alive.length > 0 || runningHook(facts.hooks, HOOKS) !== undefined) return "stopping";
    if (latest?.state === "building") return "installing";
    if (!app.enabled) return "disabled";
    // Where an older release was good nothing is broken: it would run if somebody started it.
    if (latest?.state === "failed" && latest.start && app.goodReleaseId === null) return "failed";
    if (!facts.hasRelease) return "uploaded";
    return app.lastStartedAt === null ? "installed" : "stopped";
  }
  return wantedState(facts, serving, latest);
}

function wantedState(facts: Facts, serving: Facts["instances"], latest: Deployment | undefined): AppState {
  if (facts.isStatic && facts.hasRelease) return "running";
  if (serving.some((instance) => instance.phase === "unhealthy")) return "unhealthy";
  if (serving.length > 0) return "starting";
  if (latest?.state === "building") return "installing";
  if (!facts.hasRelease) return latest?.state === "failed" ? "failed" : "uploaded";
  if (facts.start.leave === "later") return "backing-off";
  if (failedStart(facts.hooks) !== undefined) return facts.canRevert ? "starting" : "failed";
  // A moment later the good release is the target again.
  if (facts.canRevert && (facts.trialFailed || facts.start.leave === "never")) return "starting";
  if (facts.start.leave === "never") return facts.start.because === "done" ? "stopped" : "failed";
  return "starting";
}

/** What the last deploy came to is told while nothing newer happens. */
const RESTING = new Set<AppState>(["failed", "uploaded", "installed", "stopped", "disabled"]);

/** One sentence: why the app is as it is; null where the state says it all. */
export function explain(
  app: App,
  facts: Facts,
  latest: Deployment | undefined,
  instances: readonly Instance[],
): string | null {
  const state = appState(app, facts, latest);
  const ended = instances.findLast(
    (row) => row.endedAt !== null && row.endReason !== "stopped" && row.endReason !== "replaced",
  );
  const held = explainHooks(state, facts, latest);
  if (held !== null) return held;
  const failure = latest?.state === "failed" ? (latest.reason ?? "the deploy failed") : null;
  const isOfTarget = latest?.releaseId === app.targetReleaseId;
  if (failure !== null && state === "running" && !isOfTarget)
    return `the last deploy failed, the release before goes on: ${failure}`;
  if (failure !== null && RESTING.has(state) && (isOfTarget || !facts.wanted || !facts.hasRelease))
    return failure;
  if (state === "failed") return `gave up: ${ended?.message ?? "it did not start"}`;
  if (state === "backing-off" || state === "unhealthy") return ended?.message ?? null;
  if (state === "starting" && facts.blockedBy.length > 0) return `waits for ${facts.blockedBy.join(", ")}`;
  if (state === "stopped" && facts.wanted) return ended?.message ?? null;
  if (state === "running" && ended !== undefined && isOfRound(app, ended))
    return `restarted: the run before ${ended.message}`;
  return null;
}

/** What hooks have to do with it; null where they have nothing. */
function explainHooks(
  state: AppState,
  { wanted, hooks, blockedBy }: Facts,
  latest: Deployment | undefined,
): string | null {
  const runs = runningHook(hooks, ["pre_stop", "post_stop", "pre_deploy", "pre_start"]);
  const failed = failedStart(hooks);
  if (state === "failed" && wanted && failed !== undefined) return hooks[failed].reason;
  if (state === "stopping" || (state === "starting" && blockedBy.length === 0))
    return runs === undefined ? null : `${runs} runs`;
  if (state === "stopped" && hooks.post_stop.state === "failed") return hooks.post_stop.reason;
  if (state !== "running") return null;
  if (latest !== undefined && isOpen(latest)) return null;
  const refused = (["pre_start", "pre_deploy"] as const).find((name) => hooks[name].state === "refused");
  if (refused !== undefined) return `it was not started anew: ${hooks[refused].reason}`;
  if (hooks.pre_stop.state === "refused") return `it was not stopped: ${hooks.pre_stop.reason}`;
  return hooks.post_start.reason ?? hooks.post_deploy.reason;
}

const isOfRound = (app: App, { releaseId, generation, round }: Instance): boolean =>
  releaseId === app.targetReleaseId && generation === app.generation && (round ?? 0) === (app.round ?? 0);
