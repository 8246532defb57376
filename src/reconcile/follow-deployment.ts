// Writes down how far the release of a deployment has come, until it serves or can't.
import { type App, hasSameAim } from "../domain/app.ts";
import { type Deployment, isOpen, type StageName } from "../domain/deployment.ts";
import {
  type DeploymentEnd,
  endDeployment,
  endEvent,
  enterStage,
  leaveStage,
  type Moment,
  runningStage,
  stageEvent,
} from "../domain/deployment-progress.ts";
import { prospectOf } from "../domain/follow-deployment.ts";
import type { Facts } from "../domain/plan.ts";
import type { Batch } from "../domain/store.ts";
import { wayBack } from "../domain/way-back.ts";
import { failureOf } from "./failure-of.ts";
import type { Workshop } from "./workshop.ts";
import { writeSurely } from "./write-surely.ts";

/** The newest deployments of an app that may still be under way. */
const LOOKED_AT = 4;

/** Called before each step of the planner: the stages follow the facts. True when the app has another target now. */
export async function followDeployment(shop: Workshop, app: App, facts: Facts): Promise<boolean> {
  for (const one of shop.context.store.deployments.ofApp(app.id).slice(-LOOKED_AT))
    if (one.state === "starting") await followStart(shop, app, facts, one);
    else if (one.state === "done" && runningStage(one) !== undefined) await followDrain(shop, facts, one);
  const now = shop.context.store.apps.get(app.id);
  return now !== undefined && !hasSameAim(now, app);
}

async function followStart(shop: Workshop, app: App, facts: Facts, deployment: Deployment): Promise<void> {
  if (deployment.releaseId !== app.targetReleaseId)
    return await end(shop, app, deployment, {
      state: "superseded",
      reason: "another release took its place",
    });
  const prospect = prospectOf(facts);
  if (prospect.on === "leave")
    await end(shop, app, deployment, { state: "cancelled", reason: `${app.name} was stopped` });
  else if (prospect.on === "goal") await end(shop, app, deployment, { state: "done" });
  else if (prospect.on === "ground")
    await end(shop, app, deployment, { state: "failed", ...(await failureOf(shop, app)) });
  else if (hasWaitedTooLong(shop, deployment, facts)) await giveUpWaiting(shop, app, deployment, facts);
  else await enter(shop, deployment, prospect.stage, prospect.message);
}

/** No deployment is under way for ever: one whose dependencies don't get ready in this time has failed. */
const DEPENDENCY_WAIT_MS = 600_000;

/** The loop has to look again by then: milliseconds until the deployment of a waiting app is given up, or null. */
export function waitLeft(shop: Workshop, app: App, facts: Facts): number | null {
  const deployment = facts.blockedBy.length > 0 ? startingOf(shop, app) : undefined;
  if (deployment === undefined) return null;
  return Math.max(0, DEPENDENCY_WAIT_MS - momentOf(shop.context, shop.state, deployment).elapsedMs);
}

const hasWaitedTooLong = ({ context, state }: Workshop, deployment: Deployment, facts: Facts): boolean =>
  facts.blockedBy.length > 0 &&
  runningStage(deployment)?.stage === "start" &&
  momentOf(context, state, deployment).elapsedMs >= DEPENDENCY_WAIT_MS;

async function giveUpWaiting(shop: Workshop, app: App, deployment: Deployment, facts: Facts): Promise<void> {
  const { store } = shop.context;
  const reason = `${facts.blockedBy.join(", ")} did not get ready within ${DEPENDENCY_WAIT_MS / 60_000} minutes`;
  await writeSurely(shop.context, () => {
    const [row, now] = [store.deployments.get(deployment.id), store.apps.get(app.id)];
    if (row === undefined || now === undefined) return {};
    const end = closing(shop, now, row, { state: "failed", reason });
    if (!facts.canRevert || !hasSameAim(now, app)) return end;
    return { ...end, put: { ...end.put, apps: [wayBack(now, row, now.goodReleaseId)] } };
  });
}

const ORDER: StageName[] = ["start", "health", "switch"];

/** A stage is entered once: a second try is part of the stage that the first one came to. */
async function enter(
  { context, state }: Workshop,
  deployment: Deployment,
  stage: keyof typeof STAGE_LINES,
  message: string | null,
): Promise<void> {
  const running = runningStage(deployment);
  const reached = running === undefined ? -1 : ORDER.indexOf(running.stage);
  if (reached > ORDER.indexOf(stage) || (running?.stage === stage && running.message === message)) return;
  const after = enterStage(deployment, stage, momentOf(context, state, deployment), message);
  if (running?.stage !== stage) state.stageAt.set(deployment.id, context.clock.monotonic());
  context.progress.announce({ appId: deployment.appId, stage, message: message ?? STAGE_LINES[stage] });
  await context.store.record({ put: { deployments: [after] }, events: [stageEvent(deployment, after)] });
}

const STAGE_LINES = {
  start: "starting",
  health: "waiting for its health",
  switch: "switching to it",
} as const;

/** The old instances had their time to end what they were about. */
async function followDrain(
  { context, state }: Workshop,
  facts: Facts,
  deployment: Deployment,
): Promise<void> {
  if (facts.instances.some((one) => !one.current)) return;
  const after = leaveStage(deployment, momentOf(context, state, deployment));
  state.stageAt.delete(deployment.id);
  await context.store.record({ put: { deployments: [after] }, events: [stageEvent(deployment, after)] });
}

async function end(shop: Workshop, app: App, deployment: Deployment, how: DeploymentEnd): Promise<void> {
  const { context } = shop;
  await writeSurely(context, () => {
    const now = context.store.deployments.get(deployment.id);
    return now === undefined ? {} : closing(shop, app, now, how);
  });
}

/** What is written when a deployment ends; nothing where it has ended. For the steps that decide on it. */
export function closing(
  { context, state }: Workshop,
  app: App,
  deployment: Deployment,
  how: DeploymentEnd,
): Batch {
  if (!isOpen(deployment)) return {};
  const moment = momentOf(context, state, deployment);
  const ended = endDeployment(deployment, how, moment);
  state.stageAt.delete(deployment.id);
  const isDraining =
    how.state === "done" &&
    context.store.instances
      .ofApp(app.id)
      .some((row) => row.endedAt === null && row.releaseId !== deployment.releaseId);
  if (isDraining) state.stageAt.set(deployment.id, context.clock.monotonic());
  const after = isDraining ? enterStage(ended, "drain", moment) : ended;
  return { put: { deployments: [after] }, events: endEvent(after, "daemon", sentence(app, after)) };
}

function sentence(app: App, { state, reason }: Deployment): string {
  if (state === "done") return `${app.name} is deployed`;
  return `the deploy of ${app.name} ${state === "failed" ? "failed" : `was ${state}`}${reason ? `: ${reason}` : ""}`;
}

/** The open deployment whose release is to take over. */
export const startingOf = ({ context: { store } }: Workshop, app: App): Deployment | undefined =>
  store.deployments
    .ofApp(app.id)
    .findLast((one) => one.state === "starting" && one.releaseId === app.targetReleaseId);

function momentOf(
  { clock }: Workshop["context"],
  { stageAt }: Workshop["state"],
  deployment: Deployment,
): Moment {
  const at = clock.now();
  const seen = stageAt.get(deployment.id);
  const elapsedMs =
    seen === undefined ? at - (runningStage(deployment)?.startedAt ?? at) : clock.monotonic() - seen;
  return { at, elapsedMs };
}
