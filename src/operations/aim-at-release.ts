// Makes a release the target of its app: the moment in which a deployment changes something.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { Deployment } from "../domain/deployment.ts";
import {
  endDeployment,
  endEvent,
  enterStage,
  leaveStage,
  type Moment,
  stageEvent,
} from "../domain/deployment-progress.ts";
import type { NewEvent } from "../domain/event.ts";
import type { Release } from "../domain/release.ts";
import type { Batch } from "../domain/store.ts";
import { appliedValues, changedValues, wantedValues } from "../domain/values.ts";

/** What a rollback, or a deploy that brings settings, changes of the app besides its release. */
export type Restored = Pick<App, "config"> & Partial<Pick<App, "secrets">>;

/** All in one write: the older deployment is superseded, the app has its target, and this deployment starts it, or is done. */
export function aimAtRelease(
  context: Context,
  app: App,
  deployment: Deployment,
  release: Release,
  moment: Moment,
  restored?: Restored,
): Batch {
  const { store } = context;
  const starts = (deployment.start || app.wanted) && app.enabled;
  const target = app.targetReleaseId === null ? undefined : store.releases.get(app.targetReleaseId);
  const aimed = aimedApp(app, { target, release }, { starts, now: moment.at, restored });
  const own = ownEnd(
    { ...deployment, releaseId: release.id, undo: undoOf(app, aimed, restored) },
    starts,
    moment,
  );
  const older = store.deployments
    .ofApp(app.id)
    .filter((one) => one.state === "starting" && one.id !== deployment.id)
    .map((one) => supersede(one, moment.at));
  return {
    put: { releases: [release], apps: [aimed], deployments: [...older, own] },
    events: [
      ...older.flatMap((one) => endEvent(one, deployment.actor, `a newer deploy of ${app.name} takes over`)),
      ...(starts && !app.wanted ? [event("app.started", deployment, `${app.name} is to run`)] : []),
      ...(starts ? [stageEvent(deployment, own)] : []),
      ...endEvent(own, deployment.actor, `release ${release.number} of ${app.name} is ready to start`),
    ],
  };
}

export const supersede = (deployment: Deployment, at: number): Deployment => {
  const running = deployment.stages?.find((stage) => stage.state === "running");
  const elapsedMs = at - (running?.startedAt ?? at);
  return endDeployment(
    deployment,
    { state: "superseded", reason: "a newer deploy took over" },
    { at, elapsedMs },
  );
};

export const event = (
  type: NewEvent["type"],
  { appId, actor }: Pick<Deployment, "appId" | "actor">,
  message: string,
): NewEvent => ({ type, appId, actor, message });

/**
 * An app that did not run, or had given up, gets all its tries again. Instances of the same release are replaced when they
 * are to get other values.
 */
function aimedApp(
  app: App,
  { target, release }: { target: Release | undefined; release: Release },
  { starts, now, restored }: { starts: boolean; now: number; restored: Restored | undefined },
): App {
  const before = appliedValues(app, target);
  const applied = wantedValues(restored === undefined ? release : { ...app, ...restored });
  const isStale = target?.id === release.id && changedValues(before, applied).length > 0;
  const anew = { generation: app.generation + 1, generationAt: now };
  return {
    ...app,
    ...restored,
    ...(!app.wanted || isStale ? anew : {}),
    ...(starts ? { wanted: true } : {}),
    applied,
    ...(target !== undefined && target.id === app.goodReleaseId ? { appliedGood: before } : {}),
    ...(starts ? { lastStartedAt: now } : {}),
    targetReleaseId: release.id,
    round: (app.round ?? 0) + 1,
    updatedAt: Math.max(now, app.updatedAt + 1),
  };
}

const undoOf = (
  before: App,
  after: App,
  restored: Restored | undefined,
): NonNullable<Deployment["undo"]> => ({
  targetReleaseId: before.targetReleaseId,
  wanted: before.wanted,
  ...(restored === undefined ? {} : { config: before.config }),
  ...(restored?.secrets === undefined ? {} : { secrets: before.secrets ?? {} }),
  updatedAt: after.updatedAt,
});

/** The loop ends what is to start; what is not to start is done. */
function ownEnd(deployment: Deployment, starts: boolean, moment: Moment): Deployment {
  if (!starts) return endDeployment(leaveStage(deployment, moment), { state: "done" }, moment);
  return { ...enterStage(deployment, "start", moment), state: "starting" };
}
