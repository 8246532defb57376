// Writes down how far the release of a deployment has come, until it serves or can't.
import type { App } from "../domain/app.ts";
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
import { failureOf } from "./failure-of.ts";
import type { Workshop } from "./workshop.ts";
import { writeSurely } from "./write-surely.ts";

/** The newest deployments of an app that may still be under way. */
const LOOKED_AT = 4;

/** Called before each step of the planner: the stages follow the facts. */
export async function followDeployment(shop: Workshop, app: App, facts: Facts): Promise<void> {
  for (const one of shop.context.store.deployments.ofApp(app.id).slice(-LOOKED_AT))
    if (one.state === "starting") await followStart(shop, app, facts, one);
    else if (one.state === "done" && runningStage(one) !== undefined) await followDrain(shop, facts, one);
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
  else await enter(shop, deployment, prospect.stage, prospect.message);
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
