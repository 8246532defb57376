// The row of a deployment, from stage to stage to its one end.
import { describe, expect, it } from "vitest";
import type { Deployment } from "./deployment.ts";
import {
  type DeploymentEnd,
  endDeployment,
  endEvent,
  enterStage,
  leaveStage,
  stageEvent,
} from "./deployment-progress.ts";

const blank: Deployment = {
  id: "d_1",
  appId: "a_1",
  state: "building",
  reason: null,
  lastLines: [],
  releaseId: null,
  start: true,
  actor: "ann",
  startedAt: 1,
  endedAt: null,
};
const moment = (at: number, elapsedMs = 0) => ({ at, elapsedMs });
const fetching = enterStage(blank, "fetch", moment(10));
const building = enterStage(fetching, "build", moment(30, 20));
const brief = ({ stages = [] }: Deployment) =>
  stages.map(({ stage, state, durationMs }) => [stage, state, durationMs]);

describe("stages", () => {
  it("follow each other, each with its own duration", () => {
    expect(brief(building)).toEqual([
      ["fetch", "done", 20],
      ["build", "running", null],
    ]);
    expect(brief(leaveStage(building, moment(99, 5)))).toEqual([
      ["fetch", "done", 20],
      ["build", "done", 5],
    ]);
  });

  it("entered again while they run only get the message", () => {
    const again = enterStage(building, "build", moment(50, 20), "waits for db");
    expect(brief(again)).toEqual(brief(building));
    expect(again.stages?.at(-1)).toMatchObject({ startedAt: 30, message: "waits for db" });
  });

  it("begun anew by a later daemon stand in the list once", () => {
    expect(brief(enterStage(building, "fetch", moment(60, 30)))).toEqual([
      ["build", "done", 30],
      ["fetch", "running", null],
    ]);
  });

  it("never last less than nothing, when the clock was set back", () => {
    expect(leaveStage(fetching, moment(0, -500)).stages?.[0]?.durationMs).toBe(0);
  });

  it("are told with the one before", () => {
    expect(stageEvent(fetching, building)).toMatchObject({
      type: "deployment.stage",
      message: "deploy: build",
      data: { deploymentId: "d_1", stage: "build", ended: { stage: "fetch", state: "done", durationMs: 20 } },
    });
  });
});

const ENDS: [DeploymentEnd["state"], string, string][] = [
  ["done", "done", "deployment.finished"],
  ["failed", "failed", "deployment.failed"],
  ["cancelled", "cancelled", "deployment.cancelled"],
  ["superseded", "cancelled", "deployment.superseded"],
];

describe("the end", () => {
  it.each(ENDS)("%s leaves the stage %s and is told as %s", (state, stage, type) => {
    const ended = endDeployment(building, { state, reason: "why" }, moment(40, 10));
    expect(ended).toMatchObject({ state, reason: "why", endedAt: 40 });
    expect(brief(ended).at(-1)).toEqual(["build", stage, 10]);
    expect(endEvent(ended, "ann", "x")).toMatchObject([{ type, actor: "ann", appId: "a_1" }]);
  });

  it("comes once", () => {
    const ended = endDeployment(building, { state: "cancelled" }, moment(40));
    expect(endDeployment(ended, { state: "done" }, moment(50))).toBe(ended);
  });

  it("of one that is under way is not told", () => {
    expect(endEvent(building, "ann", "x")).toEqual([]);
  });
});
