// How far the release of a deployment has come, as the loop sees it: pure, from the facts that the planner gets.
import type { StageName } from "./deployment.ts";
import { failedStart, runningHook } from "./hook.ts";
import type { Facts } from "./plan.ts";

export type Prospect =
  | { on: "way"; stage: Extract<StageName, "start" | "health" | "switch">; message: string | null }
  /** Its instances serve, and it is marked as good. */
  | { on: "goal" }
  /** It can't run, and there is nothing to go back to. */
  | { on: "ground" }
  /** The app is not wanted any more. */
  | { on: "leave" };

/** For a deployment whose release is the target. */
export function prospectOf(facts: Facts): Prospect {
  if (!facts.wanted) return { on: "leave" };
  if (!facts.hasRelease) return { on: "ground" };
  if (facts.isStatic || facts.finished) return facts.targetIsGood ? { on: "goal" } : way("switch");
  const current = facts.instances.filter((one) => one.current && !one.stopping && one.phase !== "ended");
  const ready = current.filter((one) => one.phase === "ready");
  if (ready.length === 0 && !facts.canRevert && isLost(facts, current)) return { on: "ground" };
  if (current.length === 0) return way("start", waitsFor(facts));
  if (ready.length < facts.replicas) return way("health");
  const isRouted = ready.slice(0, facts.replicas).every((one) => one.routed || !one.routable);
  return isRouted && facts.targetIsGood ? { on: "goal" } : way("switch");
}

/** So many failed tries tell enough, though the app goes on with more of them. */
const TELLING_TRIES = 3;

const isLost = (facts: Facts, current: Facts["instances"]): boolean =>
  current.length === 0
    ? facts.failedTries >= TELLING_TRIES ||
      facts.start.leave === "never" ||
      failedStart(facts.hooks) !== undefined
    : current.some((one) => one.phase === "unhealthy");

function waitsFor({ blockedBy, hooks }: Facts): string | null {
  if (blockedBy.length > 0) return `waits for ${blockedBy.join(", ")}`;
  const hook = runningHook(hooks, ["post_stop", "pre_deploy", "pre_start"]);
  return hook === undefined ? null : `${hook} runs`;
}

const way = (stage: "start" | "health" | "switch", message: string | null = null): Prospect => ({
  on: "way",
  stage,
  message,
});
