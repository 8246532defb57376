// Carries one deployment from its origin to a target that the loop brings up.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { type Deployment, originOf } from "../domain/deployment.ts";
import { endDeployment, endEvent } from "../domain/deployment-progress.ts";
import { GantryError } from "../domain/errors.ts";
import { event } from "./aim-at-release.ts";
import { buildCode, checkCode } from "./build-code.ts";
import { canStart } from "./can-start.ts";
import { type Journal, Overtaken, openJournal } from "./deployment-journal.ts";
import { fetchCode } from "./fetch-code.ts";
import { onlyValuesChanged } from "./not-applied.ts";
import { recordRelease, recordValues } from "./record-release.ts";
import { refuseInvalidCode } from "./refuse-invalid-code.ts";
import { returnToRelease } from "./return-to-release.ts";

/** Lets only a few do what is hard work. */
export type InTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** The row, the events and the log tell how it went. Rejects only when `signal` aborts. */
export async function carryOutDeployment(
  context: Context,
  { id, appId }: Deployment,
  inTurn: InTurn,
  signal: AbortSignal,
): Promise<void> {
  const app = context.store.apps.get(appId);
  if (app === undefined || app.deletedAt !== null) return await drop(context, id);
  try {
    const journal = openJournal(context, app, id);
    const origin = originOf(journal.deployment());
    if (origin.type === "release") await returnToRelease(context, app, origin, journal, inTurn, signal);
    else await inTurn(() => deployCode(context, appId, journal, signal));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Overtaken) await drop(context, id);
    else await fail(context, app, id, error);
  }
}

async function deployCode(
  context: Context,
  appId: string,
  journal: Journal,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  // It may have waited for its turn: the release is made from what the owner wants now.
  const now = context.store.apps.get(appId);
  if (now === undefined || now.deletedAt !== null) throw new Overtaken("the app is gone");
  const app = { ...now, config: journal.deployment().config ?? now.config };
  const target = context.store.releases.get(app.targetReleaseId ?? "");
  const isCurrent = originOf(journal.deployment()).type === "current";
  if (isCurrent && target !== undefined && onlyValuesChanged(context, app) && canStart(context, target))
    return await recordValues(context, app, target, journal, signal);
  const fetched = await journal.stage("fetch", () => fetchCode(context, app, journal, signal));
  const checked = await journal.stage("validate", async () => {
    const found = await checkCode(context, app, fetched.dir, signal);
    await refuseInvalidCode(context, app, { ...fetched, ...found }, journal, signal);
    return found;
  });
  const build = await journal.stage("build", () => buildCode(context, app, checked, journal, signal));
  await recordRelease(context, app, { ...fetched, ...checked, build }, journal, signal);
}

/** Where its app is gone nobody waits for it; one that somebody else has ended stays as it is. */
async function drop(context: Context, id: string): Promise<void> {
  const now = context.store.deployments.get(id);
  if (now?.state !== "building") return;
  const end = { state: "cancelled", reason: "the app was deleted" } as const;
  const ended = endDeployment(now, end, { at: context.clock.now(), elapsedMs: 0 });
  await context.store.record({ put: { deployments: [ended] } });
}

/** Recorded, not written: it must become known also when the disk is full. */
async function fail(context: Context, app: App, id: string, error: unknown): Promise<void> {
  const now = context.store.deployments.get(id);
  if (now?.state !== "building") return;
  const known = error instanceof GantryError;
  if (!known)
    context.log.error("a deployment failed unexpectedly", {
      app: app.name,
      error: String((error as Error).stack ?? error),
    });
  const reason = known ? error.message : explainUnknown(error as NodeJS.ErrnoException);
  const lines = known && typeof error.details.lines === "string" ? error.details.lines.split("\n") : [];
  const at = context.clock.now();
  const elapsedMs = at - (now.stages?.find((stage) => stage.state === "running")?.startedAt ?? at);
  const ended = endDeployment(
    now,
    { state: "failed", reason, lastLines: lines.slice(-30) },
    { at, elapsedMs },
  );
  await context.store.record({
    put: { deployments: [ended] },
    events: [
      event("build.failed", now, reason),
      ...endEvent(ended, now.actor, `the deploy of ${app.name} failed: ${reason}`),
    ],
  });
  context.reconciler.wake(app.id);
}

const explainUnknown = ({ code, message }: NodeJS.ErrnoException): string =>
  code === "ENOSPC" ? "the disk is full" : `unexpected: ${message}`;
