// The route table, computed from facts and handed to the edge as a whole.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { hostsOf } from "../domain/hosts-of.ts";
import type { RouteTable, RouteTarget, Upstream } from "../domain/route.ts";
import { appState, explain } from "../domain/state.ts";
import { listForwards } from "./forwards.ts";
import type { WorkingState } from "./working-state.ts";

/** How long the edge holds a request for an app that is on its way up. */
const WAIT_MS = 30_000;
/** News that changes no address (a state, a reason) waits this long for more of its kind. */
const CALM_MS = 25;

export interface RoutePublisher {
  /** Puts the app's present route in force; resolves when the edge uses it. */
  publish(appId: string): Promise<void>;
  /** The same soon and without waiting, and only if something really changed. */
  refresh(appId: string): void;
  /** All apps anew: at start and after registrations. */
  refreshAll(): void;
}

export function createRoutePublisher(context: () => Context, state: WorkingState): RoutePublisher {
  let version = 0;
  const targets = new Map<string, RouteTarget>();
  let latest: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;
  let calm: (() => void) | null = null;

  // One table at a time is on its way; whatever changes meanwhile goes out together with the next one. It waits for the
  // end of this turn of the event loop, so that a crashed app is started again before its route is written.
  const flush = async (before: Promise<void>): Promise<void> => {
    await before;
    await new Promise(setImmediate);
    next = null;
    calm?.();
    calm = null;
    version = Math.max(version + 1, context().clock.now());
    await context().edge.publish(buildTable(context(), version, targets));
  };
  const schedule = (): Promise<void> => {
    next ??= latest = flush(latest);
    return next;
  };
  const scheduleCalmly = (): void => {
    calm ??= context().clock.after(CALM_MS, () => {
      calm = null;
      void schedule();
    });
  };
  const update = (appId: string): boolean => {
    const app = context().store.apps.get(appId);
    if (app === undefined || app.deletedAt !== null) return targets.delete(appId);
    if (app.system) return false;
    const target = targetOf(context(), state, app);
    const changed = JSON.stringify(targets.get(appId)) !== JSON.stringify(target);
    targets.set(appId, target);
    return changed;
  };

  return {
    async publish(appId) {
      update(appId);
      await schedule();
    },
    refresh(appId) {
      if (update(appId)) scheduleCalmly();
    },
    refreshAll() {
      for (const app of context().store.apps.all()) update(app.id);
      void schedule();
    },
  };
}

function buildTable(context: Context, version: number, targets: Map<string, RouteTarget>): RouteTable {
  const hosts: RouteTable["hosts"] = {};
  const byName: RouteTable["targets"] = {};
  for (const [appId, target] of targets) {
    const app = context.store.apps.get(appId);
    if (app === undefined) continue;
    for (const host of hostsOf(context.settings.domain, app)) hosts[host] = app.name;
    byName[app.name] = target;
  }
  return { version, hosts, targets: byName, forwards: listForwards(context) };
}

function targetOf(context: Context, state: WorkingState, app: App): RouteTarget {
  const facts = context.reconciler.facts(app);
  const release = app.targetReleaseId === null ? undefined : context.store.releases.get(app.targetReleaseId);
  const latest = context.store.deployments.ofApp(app.id).at(-1);
  const name = appState(app, facts, latest);
  const upstreams = upstreamsOf(context, state, app);
  const staticRoot = facts.wanted ? (release?.launch.staticRoot ?? null) : null;
  const serves = upstreams.length > 0 || staticRoot !== null;
  const waits =
    ["starting", "installing", "backing-off", "unhealthy", "running"].includes(name) &&
    (release?.launch.listens !== "none" || isOnTrial(app));
  return {
    app: app.name,
    state: name,
    action: serves ? "serve" : waits ? "wait" : "unavailable",
    upstreams,
    staticRoot,
    waitMs: WAIT_MS,
    reason:
      serves || name === "starting"
        ? null
        : explain(app, facts, latest, context.store.instances.ofApp(app.id)),
  };
}

/** One that can't serve may have come by mistake; the good one is back soon. */
const isOnTrial = ({ goodReleaseId, targetReleaseId, config }: App): boolean =>
  goodReleaseId !== null && goodReleaseId !== targetReleaseId && config.port !== "none";

function upstreamsOf({ store }: Context, state: WorkingState, app: App): Upstream[] {
  const upstreams: Upstream[] = [];
  for (const id of state.routed.get(app.id) ?? []) {
    const row = store.instances.get(id);
    if (row?.port != null && row.endedAt === null)
      upstreams.push({ instanceId: id, host: row.host, port: row.port });
  }
  return upstreams;
}
