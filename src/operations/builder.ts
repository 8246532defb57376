// Carries out deployments in the background: one at a time per app, a few at once in all, newer ones replace older ones.
import type { Builder, Context, DeployOrder } from "../context.ts";
import type { App } from "../domain/app.ts";
import { type Deployment, type Origin, originOf } from "../domain/deployment.ts";
import { endDeployment, endEvent } from "../domain/deployment-progress.ts";
import type { Batch } from "../domain/store.ts";
import { newId } from "../lib/id.ts";
import { createLimit } from "../lib/limit.ts";
import { event, supersede } from "./aim-at-release.ts";
import { carryOutDeployment } from "./carry-out-deployment.ts";

const AT_ONCE = 2;
/** A deployment that so many daemons died with is given up: it may be what kills them. */
const MAX_RESUMED = 3;

interface Job {
  abort: AbortController;
  deployment: Deployment;
  done: Promise<void>;
}

export function createBuilder(context: () => Context): Builder {
  const jobs = new Map<string, Job>();
  const inTurn = createLimit(AT_ONCE);

  /** The job counts from this moment: whoever cancels it later ends it, however far it has come. */
  const begin = (deployment: Deployment, recorded: Promise<void>): void => {
    const abort = new AbortController();
    const older = jobs.get(deployment.appId);
    const job: Job = { abort, deployment, done: Promise.resolve() };
    jobs.set(deployment.appId, job);
    const work = async (): Promise<void> => {
      try {
        await recorded;
      } catch {
        // It does not exist: the older one goes on.
        if (older !== undefined && jobs.get(deployment.appId) === job) jobs.set(deployment.appId, older);
        return;
      }
      older?.abort.abort();
      await older?.done;
      if (!abort.signal.aborted) await carryOutDeployment(context(), deployment, inTurn, abort.signal);
    };
    job.done = work()
      .catch((error) => {
        if (!abort.signal.aborted) context().log.error("a deployment broke off", { error: String(error) });
      })
      .finally(() => {
        if (jobs.get(deployment.appId) === job) jobs.delete(deployment.appId);
      });
  };

  return {
    async request(app, order) {
      const older = jobs.get(app.id)?.deployment;
      const deployment = createDeployment(context(), app, inherit(context(), order, older));
      const recorded = context().store.write(() => opening(context(), app, deployment));
      begin(deployment, recorded);
      await recorded;
      // From now on the edge holds requests for an app that has nothing to serve yet.
      context().reconciler.wake(app.id);
      return deployment;
    },
    cancel(appId, actor) {
      const job = jobs.get(appId);
      if (job === undefined) return false;
      job.abort.abort();
      const ended = cancelled(context(), job.deployment.id, actor);
      if (ended !== null) void context().store.record(ended);
      return true;
    },
    async resume() {
      for (const deployment of [...context().store.deployments.all()]) {
        if (deployment.state !== "building") continue;
        const { row, batch } = resumed(context(), deployment);
        await context().store.record(batch);
        if (row.state === "building") begin(row, Promise.resolve());
      }
    },
    async close() {
      for (const job of jobs.values()) job.abort.abort();
      await Promise.all([...jobs.values()].map((job) => job.done));
    },
  };
}

/** One that has no opinion about the code goes on with the code that the one before was about to bring. */
function inherit({ store }: Context, order: DeployOrder, older: Deployment | undefined): DeployOrder {
  const row = older === undefined ? undefined : (store.deployments.get(older.id) ?? older);
  if (row === undefined) return order;
  const start = order.start || row.start;
  if ((order.origin ?? CURRENT).type !== "current") return { ...order, start };
  const { message = null, sourceText = null, config } = row;
  return {
    message,
    sourceText,
    ...(config === undefined ? {} : { config }),
    ...order,
    start,
    origin: originOf(row),
  };
}

const CURRENT: Origin = { type: "current" };

function createDeployment({ clock }: Context, app: App, order: DeployOrder): Deployment {
  const startedAt = clock.now();
  return {
    id: newId("d", startedAt),
    appId: app.id,
    state: "building",
    reason: null,
    lastLines: [],
    releaseId: null,
    start: order.start,
    actor: order.actor,
    startedAt,
    endedAt: null,
    origin: order.origin ?? CURRENT,
    message: order.message ?? null,
    sourceText: order.sourceText ?? null,
    ...(order.config === undefined ? {} : { config: order.config }),
    stages: [],
  };
}

/** The new row; what was building before is superseded in the same moment. What is starting goes on until this one's release takes over. */
function opening({ store, clock }: Context, app: App, deployment: Deployment): Batch {
  const older = store.deployments
    .ofApp(app.id)
    .filter((one) => one.state === "building" && one.id !== deployment.id)
    .map((one) => supersede(one, clock.now()));
  return {
    put: { deployments: [...older, deployment] },
    events: [
      ...older.flatMap((one) => endEvent(one, deployment.actor, `a newer deploy of ${app.name} takes over`)),
      {
        ...event("deployment.started", deployment, `deploying ${app.name}`),
        data: { deploymentId: deployment.id, origin: originOf(deployment).type },
      },
      event("build.started", deployment, `building ${app.name}`),
    ],
  };
}

function cancelled({ store, clock }: Context, id: string, actor: string): Batch | null {
  const now = store.deployments.get(id);
  if (now?.state !== "building") return null;
  const at = clock.now();
  const elapsedMs = at - (now.stages?.find((stage) => stage.state === "running")?.startedAt ?? at);
  const ended = endDeployment(
    now,
    { state: "cancelled", reason: `cancelled by ${actor}` },
    { at, elapsedMs },
  );
  return { put: { deployments: [ended] }, events: endEvent(ended, actor, "the deploy was cancelled") };
}

/** Begun anew from its origin, in a row that counts how often. */
function resumed({ store, clock }: Context, deployment: Deployment): { row: Deployment; batch: Batch } {
  const newest = store.deployments.ofApp(deployment.appId).findLast((one) => one.state === "building");
  const moment = { at: clock.now(), elapsedMs: 0 };
  const times = (deployment.resumed ?? 0) + 1;
  const row =
    newest !== undefined && newest.id !== deployment.id
      ? supersede(deployment, moment.at)
      : times > MAX_RESUMED
        ? endDeployment(
            deployment,
            { state: "failed", reason: `the daemon died with it ${times} times` },
            moment,
          )
        : { ...deployment, resumed: times, stages: [] };
  return { row, batch: { put: { deployments: [row] }, events: endEvent(row, "daemon", row.reason ?? "") } };
}
