// A deployment as every face shows it.
import type { Deployment, DeploymentState, Origin, StageName } from "./deployment.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** Times are ISO 8601 in UTC. */
export interface DeploymentView {
  id: string;
  /** Name of the app. */
  app: string;
  appId: string;
  state: DeploymentState;
  /** Is it still under way? */
  open: boolean;
  /** One sentence, where it did not come to its goal. */
  reason: string | null;
  lastLines: string[];
  diagnostics: Diagnostic[];
  /** Number of its release; null before there is one, and when it is not kept any more. */
  release: number | null;
  origin: Origin["type"];
  /** Is the app started with it? */
  start: boolean;
  actor: string;
  message: string | null;
  source: string | null;
  startedAt: string;
  endedAt: string | null;
  /** Up to now while it is under way. */
  durationMs: number;
  stages: {
    stage: StageName;
    state: "running" | "done" | "failed" | "cancelled";
    startedAt: string;
    durationMs: number | null;
    message: string | null;
  }[];
}

/** `now` in epoch milliseconds. Without what only Gantry may know: sealed values among it. */
export function viewDeployment(
  deployment: Deployment,
  { app, release, now }: { app: string; release: number | null; now: number },
): DeploymentView {
  const {
    id,
    appId,
    state,
    reason,
    lastLines,
    diagnostics = [],
    start,
    actor,
    startedAt,
    endedAt,
  } = deployment;
  return {
    id,
    app,
    appId,
    state,
    open: state === "building" || state === "starting",
    reason,
    lastLines,
    diagnostics,
    release,
    origin: deployment.origin?.type ?? "current",
    start,
    actor,
    message: deployment.message ?? null,
    source: deployment.sourceText ?? null,
    startedAt: iso(startedAt),
    endedAt: endedAt === null ? null : iso(endedAt),
    durationMs: Math.max(0, (endedAt ?? now) - startedAt),
    stages: (deployment.stages ?? []).map((stage) => ({ ...stage, startedAt: iso(stage.startedAt) })),
  };
}

const iso = (at: number): string => new Date(at).toISOString();
