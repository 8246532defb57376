// The heart: facts about one app in, the next steps out. Pure; whatever changes goes through here.
import { type AppHooks, failedStart, type HookName, isUnderWay } from "./hook.ts";
import type { EndReason } from "./instance.ts";

/** A living instance (its row has no end yet). */
export interface InstanceFacts {
  id: string;
  /** Of the release and generation that are wanted now? */
  current: boolean;
  /** `starting`: alive, not yet ready. `ready`: passed its check. `unhealthy`: failed it too often, or never got ready in time. `unknown`: the engine can't be asked. `ended`: gone, not yet recorded. */
  phase: "starting" | "ready" | "unhealthy" | "unknown" | "ended";
  /** It listens, so requests can go to it. */
  routable: boolean;
  routed: boolean;
  /** Of the release that is wanted now, of whatever generation. */
  ofTarget?: boolean;
  /** A stop was asked for (stored). */
  stopping: boolean;
  /** A stop is being carried out by this daemon. */
  stopInFlight: boolean;
}

/** May a further instance be started now? Only asked for wanted apps. */
export type StartLeave =
  | { leave: "now" }
  | { leave: "later"; at: number }
  /** The policy says that it is done, or that it crashed too often. */
  | { leave: "never"; because: "done" | "gave-up" };

export interface Facts {
  /** Should instances run (enabled, not deleted, asked for)? */
  wanted: boolean;
  /** False while no release was built. */
  hasRelease: boolean;
  /** Static apps run no process: the edge serves them. */
  isStatic: boolean;
  replicas: number;
  strategy: "start-first" | "stop-first";
  /** False with restart policy `never`: an unhealthy instance is left alone. */
  replaceUnhealthy: boolean;
  start: StartLeave;
  /** It ran to its end with success and is not to run again. */
  finished: boolean;
  /** Names of the apps that must be ready first and are not. */
  blockedBy: string[];
  /** The target is the release that was last seen ready. */
  targetIsGood: boolean;
  /** Another release was ready before: where a failing one can go back to. */
  canRevert: boolean;
  /** The target is not good yet and has shown that it can't run: it had the tries that a newcomer beside a good release gets. */
  trialFailed: boolean;
  /** Runs in this round that ended in failure. */
  failedTries: number;
  hooks: AppHooks;
  instances: InstanceFacts[];
}

export type Step =
  | { type: "record-end"; instanceId: string }
  | { type: "revert-target" }
  | { type: "start-instance" }
  | { type: "switch-route"; instanceIds: string[] }
  | { type: "stop-instance"; instanceId: string; reason: EndReason }
  | { type: "mark-good" }
  | { type: "run-hook"; hook: HookName; instanceId: string | null }
  | { type: "cancel-hook"; hook: HookName }
  /** The app is wanted again: its hook did not let it be stopped. */
  | { type: "keep-running" }
  /** The generation before goes on: a hook did not let the next one be started. */
  | { type: "call-off-restart" };

/**
 * The next steps; after they were carried out the facts are to be gathered again, until no step is left.
 * The first rule that applies wins: ends are recorded before anything is decided on them; what is not wanted is
 * unrouted, then stopped; a release that can't run gives way to the good one; then start, switch, stop, mark.
 */
export function plan(facts: Facts): Step[] {
  const ended = facts.instances.filter((instance) => instance.phase === "ended" && !instance.stopInFlight);
  if (ended.length > 0) return ended.map((instance) => ({ type: "record-end", instanceId: instance.id }));

  const resumed = resumeStops(facts);
  if (resumed.length > 0) return resumed;
  if (!facts.wanted) return stopAll(facts);
  if (!facts.hasRelease) return [];
  if (facts.isStatic) return publish(facts);
  if (facts.instances.some((instance) => instance.phase === "unknown")) return [];
  return converge(facts);
}

/** Stops that an earlier daemon began and did not finish. */
function resumeStops(facts: Facts): Step[] {
  return facts.instances
    .filter((instance) => instance.stopping && !instance.stopInFlight && instance.phase !== "unknown")
    .map((instance) => stop(instance, "stopped"));
}

/** What is not wanted: its hooks before and after frame the end of its instances. */
function stopAll(facts: Facts): Step[] {
  const { hooks } = facts;
  const calledOff = cancel(facts, ["pre_deploy", "pre_start", "post_start", "post_deploy"]);
  if (calledOff.length > 0) return calledOff;
  const serving = facts.instances.find((instance) => instance.phase === "ready" && !instance.stopping);
  if (serving !== undefined) {
    if (hooks.pre_stop.state === "due") return [runHook("pre_stop", serving)];
    if (isUnderWay(hooks.pre_stop)) return [];
    if (hooks.pre_stop.state === "failed") return [{ type: "keep-running" }];
  }
  const retired = retire(facts, "stopped");
  const isOver = retired.length === 0 && facts.instances.length === 0 && !isUnderWay(hooks.pre_stop);
  return isOver && hooks.post_stop.state === "due" ? [runHook("post_stop")] : retired;
}

function retire(facts: Facts, reason: EndReason): Step[] {
  if (facts.instances.some((instance) => instance.routed)) return [{ type: "switch-route", instanceIds: [] }];
  return facts.instances
    .filter((instance) => !instance.stopping && instance.phase !== "unknown")
    .map((instance) => stop(instance, reason));
}

/** A static release serves as soon as the edge knows it. */
function publish(facts: Facts): Step[] {
  const retired = retire(facts, "replaced");
  if (retired.length > 0) return retired;
  return facts.targetIsGood
    ? afterDeploy(facts)
    : [{ type: "switch-route", instanceIds: [] }, { type: "mark-good" }];
}

function converge(facts: Facts): Step[] {
  const alive = facts.instances.filter((instance) => !instance.stopping);
  const current = alive.filter((instance) => instance.current);
  const others = alive.filter((instance) => !instance.current);

  const outdated = [
    ...cancel(facts, ["pre_deploy", "pre_start"], "outdated"),
    ...cancel(facts, ["pre_stop"]),
  ];
  if (outdated.length > 0) return outdated;
  if (facts.canRevert && (facts.trialFailed || gaveUp(facts) || failedStart(facts.hooks)))
    return [{ type: "revert-target" }];
  if (failedStart(facts.hooks) && others.some((one) => one.ofTarget && one.phase === "ready"))
    return [{ type: "call-off-restart" }];
  if (facts.finished && current.length === 0) return finish(facts);

  const sick = unhealthySteps(facts, current);
  if (sick.length > 0) return sick;

  const started = startSteps(facts, current, others);
  if (started !== null) return started;

  return settle(facts, current, others);
}

const gaveUp = ({ start }: Facts): boolean => start.leave === "never" && start.because === "gave-up";

/** A job that is done proved itself by that; what ran before it has no more to do. */
function finish(facts: Facts): Step[] {
  const retired = retire(facts, "replaced");
  if (retired.length > 0) return retired;
  return facts.targetIsGood ? afterDeploy(facts) : [{ type: "mark-good" }];
}

function unhealthySteps(facts: Facts, current: InstanceFacts[]): Step[] {
  const unhealthy = current.filter((instance) => instance.phase === "unhealthy");
  const unrouted = unhealthy.filter((instance) => !instance.routed);
  if (facts.replaceUnhealthy && unrouted.length > 0)
    return unrouted.map((instance) => stop(instance, "unhealthy"));
  const blocking = facts.replaceUnhealthy && facts.strategy === "stop-first" && unhealthy.length > 0;
  return blocking ? [{ type: "switch-route", instanceIds: routedExcept(facts, unhealthy) }] : [];
}

/** Steps towards enough instances, or null where there are enough or none may be started. */
function startSteps(facts: Facts, current: InstanceFacts[], others: InstanceFacts[]): Step[] | null {
  const usable = current.filter((instance) => instance.phase !== "unhealthy" || !facts.replaceUnhealthy);
  const missing = facts.replicas - usable.length;
  if (missing <= 0 || facts.blockedBy.length > 0 || facts.start.leave !== "now") return null;
  const before = beforeStart(facts);
  if (before !== null) return before;
  if (facts.strategy === "stop-first") {
    if (others.some((instance) => instance.routed))
      return [{ type: "switch-route", instanceIds: routedExcept(facts, others) }];
    if (others.length > 0) return others.map((instance) => stop(instance, "replaced"));
    if (facts.instances.some((instance) => instance.stopping)) return [];
  }
  return Array.from({ length: missing }, () => ({ type: "start-instance" }) as const);
}

/** What must have succeeded before the first instance, while the old ones still serve; null where nothing is left of it. */
function beforeStart({ hooks }: Facts): Step[] | null {
  if (isUnderWay(hooks.post_stop)) return [];
  for (const hook of ["pre_deploy", "pre_start"] as const) {
    if (hooks[hook].state === "due") return [runHook(hook)];
    if (hooks[hook].state === "failed" || isUnderWay(hooks[hook])) return [];
  }
  return null;
}

function settle(facts: Facts, current: InstanceFacts[], others: InstanceFacts[]): Step[] {
  const ready = current.filter((instance) => instance.phase === "ready");
  const kept = ready.slice(0, facts.replicas);
  const enough = kept.length >= facts.replicas;
  const served = others.some((instance) => instance.routed && instance.phase === "ready");
  const route = kept.filter((instance) => instance.routable).map((instance) => instance.id);
  const routed = facts.instances.filter((instance) => instance.routed).map((instance) => instance.id);
  const held = facts.replaceUnhealthy ? [] : routedUnhealthy(current);
  if ((enough || (!served && kept.length > 0)) && !sameSet([...route, ...held], routed))
    return [{ type: "switch-route", instanceIds: [...route, ...held] }];
  if (!enough) return [];
  const surplus = [...others, ...ready.slice(facts.replicas)].filter((instance) => !instance.routed);
  if (surplus.length > 0) return surplus.map((instance) => stop(instance, "replaced"));
  if (!facts.targetIsGood) return [{ type: "mark-good" }];
  return [
    ...(facts.hooks.post_start.state === "due" ? [runHook("post_start", kept[0])] : []),
    ...afterDeploy(facts),
  ];
}

const afterDeploy = ({ hooks }: Facts): Step[] =>
  hooks.post_deploy.state === "due" ? [runHook("post_deploy")] : [];

const runHook = (hook: HookName, instance?: InstanceFacts): Step => ({
  type: "run-hook",
  hook,
  instanceId: instance?.id ?? null,
});

/** Ends hooks for which there is no more reason. */
const cancel = ({ hooks }: Facts, names: HookName[], only?: "outdated"): Step[] =>
  names
    .filter(
      (name) => hooks[name].state === "outdated" || (only === undefined && hooks[name].state === "running"),
    )
    .map((hook) => ({ type: "cancel-hook", hook }));

const routedUnhealthy = (current: InstanceFacts[]): string[] =>
  current
    .filter((instance) => instance.phase === "unhealthy" && instance.routed)
    .map((instance) => instance.id);

const routedExcept = (facts: Facts, except: InstanceFacts[]): string[] =>
  facts.instances
    .filter((instance) => instance.routed && !except.includes(instance))
    .map((instance) => instance.id);

const stop = (instance: InstanceFacts, reason: EndReason): Step => ({
  type: "stop-instance",
  instanceId: instance.id,
  reason,
});

const sameSet = (a: string[], b: string[]): boolean =>
  a.length === b.length && a.every((id) => b.includes(id));
