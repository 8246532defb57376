// The making of a release: detect, build, record, set as target.

export type DeploymentState = "building" | "done" | "failed" | "superseded";

export interface Deployment {
  id: string;
  appId: string;
  state: DeploymentState;
  /** One sentence, where it failed. */
  reason: string | null;
  /** The last lines that the build printed, where it failed. */
  lastLines: string[];
  releaseId: string | null;
  /** Start the app afterwards. */
  start: boolean;
  actor: string;
  startedAt: number;
  endedAt: number | null;
}
