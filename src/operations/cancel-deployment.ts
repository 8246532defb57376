// Ends a deployment that is under way, and takes back what it changed.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { Deployment } from "../domain/deployment.ts";
import { endDeployment, endEvent, runningStage } from "../domain/deployment-progress.ts";
import { GantryError } from "../domain/errors.ts";
import type { Batch } from "../domain/store.ts";
import { wayBack } from "../domain/way-back.ts";

/**
 * While it builds, nothing has changed. While its release starts, the release before is the target again, and an app that did not run is
 * stopped again. Throws `deployment-missing`, and `deployment-over` when it has ended.
 */
export async function cancelDeployment(context: Context, id: string, actor: string): Promise<Deployment> {
  const { store, builder, reconciler } = context;
  const asked = find(context, id);
  checkOpen(asked);
  if (asked.state === "building") builder.cancel(asked.appId, actor);
  await store.write(() => {
    const now = find(context, id);
    if (now.state === "cancelled") return {};
    checkOpen(now);
    return takenBack(context, now, actor);
  });
  reconciler.wake(asked.appId);
  return find(context, id);
}

function find({ store }: Context, id: string): Deployment {
  const deployment = store.deployments.get(id);
  if (deployment === undefined) throw new GantryError("deployment-missing", { deployment: id });
  return deployment;
}

function checkOpen({ state }: Deployment): void {
  if (state !== "building" && state !== "starting") throw new GantryError("deployment-over", { state });
}

function takenBack({ store, clock }: Context, deployment: Deployment, actor: string): Batch {
  const at = clock.now();
  const elapsedMs = at - (runningStage(deployment)?.startedAt ?? at);
  const end = { state: "cancelled", reason: `cancelled by ${actor}` } as const;
  const ended = endDeployment(deployment, end, { at, elapsedMs });
  const app = store.apps.get(deployment.appId);
  const isAimed = app !== undefined && app.targetReleaseId === deployment.releaseId;
  return {
    put: {
      deployments: [ended],
      ...(isAimed && deployment.state === "starting" ? { apps: [asBefore({ store }, app, deployment)] } : {}),
    },
    events: endEvent(ended, actor, `the deploy of ${app?.name ?? "a deleted app"} was cancelled`),
  };
}

/** The good release serves again; without one, what was the target before; a first release stays, but does not run. */
function asBefore({ store }: Pick<Context, "store">, app: App, deployment: Deployment): App {
  const { undo } = deployment;
  const to = [app.goodReleaseId, undo?.targetReleaseId].find(
    (id) => id != null && id !== deployment.releaseId && store.releases.get(id) !== undefined,
  );
  const isUntouched = undo !== undefined && undo.updatedAt === app.updatedAt;
  const wasGood = app.goodReleaseId === deployment.releaseId;
  const wanted = isUntouched ? undo.wanted : app.wanted && (to !== undefined || wasGood);
  if (wasGood || to == null) return { ...app, wanted };
  return { ...wayBack(app, deployment, to), wanted };
}
