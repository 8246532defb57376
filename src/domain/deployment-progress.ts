// How the row of a deployment goes on: stage after stage, to its one end. Pure.
import { type Deployment, isOpen, type Stage, type StageName } from "./deployment.ts";
import type { EventType, NewEvent } from "./event.ts";

/** Now, and how long the stage that runs has been running: by the monotonic clock where that is known. */
export interface Moment {
  /** Epoch milliseconds. */
  at: number;
  elapsedMs: number;
}

export interface DeploymentEnd {
  state: "done" | "failed" | "cancelled" | "superseded";
  /** One sentence, where it failed. */
  reason?: string;
  lastLines?: string[];
  diagnostics?: Deployment["diagnostics"];
}

export const runningStage = ({ stages = [] }: Deployment): Stage | undefined =>
  stages.find((stage) => stage.state === "running");

/** The stage that ran is done, and this one runs. The running one again only gets the message. */
export function enterStage(
  deployment: Deployment,
  stage: StageName,
  moment: Moment,
  message: string | null = null,
): Deployment {
  const { stages = [] } = deployment;
  if (runningStage(deployment)?.stage === stage)
    return {
      ...deployment,
      stages: stages.map((one) => (one.state === "running" ? { ...one, message } : one)),
    };
  const entered: Stage = { stage, state: "running", startedAt: moment.at, durationMs: null, message };
  // A build that a later daemon begins anew tells its stages anew.
  const before = stages.filter((one) => one.stage !== stage);
  return { ...deployment, stages: [...close(before, "done", moment), entered] };
}

/** The stage that ran is over; none runs afterwards. */
export const leaveStage = (deployment: Deployment, moment: Moment): Deployment => ({
  ...deployment,
  stages: close(deployment.stages ?? [], "done", moment),
});

/** Ends it. One that is over already stays as it ended. */
export function endDeployment(deployment: Deployment, end: DeploymentEnd, moment: Moment): Deployment {
  if (!isOpen(deployment)) return deployment;
  const stageState = end.state === "done" || end.state === "failed" ? end.state : "cancelled";
  return {
    ...deployment,
    state: end.state,
    reason: end.reason ?? null,
    lastLines: end.lastLines ?? [],
    ...(end.diagnostics === undefined ? {} : { diagnostics: end.diagnostics }),
    stages: close(deployment.stages ?? [], stageState, moment),
    endedAt: moment.at,
  };
}

function close(stages: Stage[], state: Stage["state"], { elapsedMs }: Moment): Stage[] {
  return stages.map((one) =>
    one.state === "running" ? { ...one, state, durationMs: Math.max(0, Math.round(elapsedMs)) } : one,
  );
}

/** What the event log tells when a stage begins, with the one that ended. */
export function stageEvent(before: Deployment, after: Deployment): NewEvent {
  const entered = runningStage(after);
  const left = runningStage(before)?.stage;
  const ended = (after.stages ?? []).find((one) => one.stage === left && one.state !== "running");
  return {
    type: "deployment.stage",
    appId: after.appId,
    actor: "daemon",
    message: ["deploy", entered?.stage ?? `${left} is over`, entered?.message]
      .filter((part) => part)
      .join(": "),
    data: {
      deploymentId: after.id,
      stage: entered?.stage ?? null,
      ...(ended === undefined
        ? {}
        : { ended: { stage: ended.stage, state: ended.state, durationMs: ended.durationMs } }),
    },
  };
}

const END_TYPES = {
  done: "deployment.finished",
  failed: "deployment.failed",
  cancelled: "deployment.cancelled",
  superseded: "deployment.superseded",
} as const satisfies Record<DeploymentEnd["state"], EventType>;

/** What the event log tells of an ended deployment; nothing of an open one. */
export function endEvent(deployment: Deployment, actor: string, message: string): NewEvent[] {
  const { id, appId, state, releaseId, reason, stages = [] } = deployment;
  if (state === "building" || state === "starting") return [];
  const data = {
    deploymentId: id,
    releaseId,
    reason,
    stages: stages.map(({ stage, durationMs }) => ({ stage, durationMs })),
  };
  return [{ type: END_TYPES[state], appId, actor, message, data }];
}
