// Builds in the background: one at a time per app, a few at once in all, newer ones replace older ones.
import type { Builder, Context, DeployOrder } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { Deployment } from "../domain/deployment.ts";
import { newId } from "../lib/id.ts";
import { createLimit } from "../lib/limit.ts";
import { buildRelease } from "./build-release.ts";

const AT_ONCE = 2;

interface Job {
  abort: AbortController;
  deployment: Deployment;
  done: Promise<void>;
}

export function createBuilder(context: () => Context): Builder {
  const jobs = new Map<string, Job>();
  const limit = createLimit(AT_ONCE);

  /** The job counts from this moment: whoever cancels it later ends it, however far it has come. */
  const begin = (deployment: Deployment, recorded: Promise<void>): void => {
    const abort = new AbortController();
    const older = jobs.get(deployment.appId);
    older?.abort.abort();
    const job: Job = { abort, deployment, done: Promise.resolve() };
    jobs.set(deployment.appId, job);
    const work = async (): Promise<void> => {
      await recorded;
      await older?.done;
      await limit(async () => {
        if (!abort.signal.aborted) await buildRelease(context(), deployment, abort.signal);
      });
    };
    job.done = work()
      .catch((error) => {
        if (!abort.signal.aborted) context().log.error("a build broke off", { error: String(error) });
      })
      .finally(() => {
        if (jobs.get(deployment.appId) === job) jobs.delete(deployment.appId);
      });
  };

  return {
    async request(app, order) {
      const { store } = context();
      const older = jobs.get(app.id)?.deployment;
      const deployment = createDeployment(context(), app, {
        ...order,
        start: order.start || (older?.start ?? false),
      });
      const recorded = store.write({
        put: { deployments: [...(older === undefined ? [] : [superseded(context(), older)]), deployment] },
        remove: { deployments: outdated(context(), app) },
        events: [
          { type: "build.started", appId: app.id, actor: order.actor, message: `building ${app.name}` },
        ],
      });
      begin(deployment, recorded);
      await recorded;
      return deployment;
    },
    cancel(appId) {
      const job = jobs.get(appId);
      if (job === undefined) return false;
      job.abort.abort();
      void context().store.record({ put: { deployments: [superseded(context(), job.deployment)] } });
      return true;
    },
    async resume() {
      for (const deployment of context().store.deployments.all())
        if (deployment.state === "building") begin(deployment, Promise.resolve());
    },
    async close() {
      for (const job of jobs.values()) job.abort.abort();
      await Promise.all([...jobs.values()].map((job) => job.done));
    },
  };
}

const superseded = ({ clock }: Context, deployment: Deployment): Deployment => ({
  ...deployment,
  state: "superseded",
  endedAt: clock.now(),
});

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
    origin: order.origin ?? { type: "current" },
    message: order.message ?? null,
    sourceText: order.sourceText ?? null,
    stages: [],
  };
}

/** All but the newest few of an app's ended deployments. */
const outdated = ({ store }: Context, app: App): string[] =>
  store.deployments
    .ofApp(app.id)
    .filter((one) => one.state !== "building")
    .slice(0, -20)
    .map((one) => one.id);
