// The loop: woken by whatever changed, it observes, plans and executes until no step is left.
import type { Context, Reconciler } from "../context.ts";
import { hasSameAim } from "../domain/app.ts";
import { plan } from "../domain/plan.ts";
import { adoptInstances } from "./adopt.ts";
import { check } from "./check.ts";
import { execute } from "./execute.ts";
import { followDeployment, waitLeft } from "./follow-deployment.ts";
import { createHealthWatch } from "./health.ts";
import { becameReady, healthChanged } from "./news.ts";
import { observe } from "./observe.ts";
import { createRoutePublisher } from "./routes.ts";
import { createStandbys } from "./standbys.ts";
import { createTurns, type Turns } from "./turns.ts";
import { createWorkingState } from "./working-state.ts";
import type { Workshop } from "./workshop.ts";

export function createReconciler(context: () => Context): Reconciler {
  const state = createWorkingState();
  const routes = createRoutePublisher(context, state);
  const standbys = createStandbys(context);
  const health = createHealthWatch(context, {
    ready: (instance, ignoresPort) => void becameReady(shop(), instance, ignoresPort),
    changed: (instanceId, healthy, reason) => void healthChanged(shop(), instanceId, healthy, reason),
  });
  const shop = (): Workshop => ({ context: context(), state, health, routes, standbys });
  const turns = createTurns({
    round: (appId) => oneRound(shop(), appId),
    rested: (appId) => rest(shop(), turns, appId),
    failed: (appId, error) =>
      context().log.error("the loop failed for an app", {
        appId,
        error: String((error as Error).stack ?? error),
      }),
    after: (ms, callback) => context().clock.after(ms, callback),
  });
  const undo: (() => void)[] = [];
  let started = false;

  return {
    wake(appId) {
      // Nothing is decided before all that lives was found again.
      if (started) turns.wake(appId);
    },
    health: health.get,
    check: (app, instance, release) => check(context(), app, instance, release.launch),
    facts: (app) => observe(context(), state, app),
    async start() {
      const { engines, store } = context();
      for (const engine of Object.values(engines))
        undo.push(
          engine.onEnd((instanceId) => {
            const row = store.instances.get(instanceId);
            if (row !== undefined && started) turns.wake(row.appId);
          }),
        );
      context().executions.open();
      await adoptInstances(shop());
      started = true;
      standbys.open();
      routes.refreshAll();
      for (const app of store.apps.all()) turns.wake(app.id);
    },
    async close() {
      turns.close();
      for (const stop of undo) stop();
      context().executions.close();
      health.close();
      await standbys.close();
    },
  };
}

/** Observes and carries out what the planner says; false when nothing was left to do. */
async function oneRound(shop: Workshop, appId: string): Promise<boolean> {
  const { store } = shop.context;
  const app = store.apps.get(appId);
  if (app === undefined) return false;
  const facts = observe(shop.context, shop.state, app);
  if (await followDeployment(shop, app, facts)) return true;
  const steps = plan(facts);
  for (const step of steps) {
    const now = store.apps.get(appId) ?? app;
    // What was decided for one release must not be done to another.
    if (!hasSameAim(now, app)) return true;
    await execute(shop, now, step);
  }
  return steps.length > 0;
}

/** Nothing left to do for now: the route shows the state that was reached, and a crashed app has its next try. */
function rest(shop: Workshop, turns: Turns, appId: string): void {
  const { context, state } = shop;
  shop.routes.refresh(appId);
  const app = context.store.apps.get(appId);
  if (app === undefined) return;
  const facts = observe(context, state, app);
  // Time went on since the last round: what was too early then may be due now.
  const retry = facts.wanted && facts.start.leave === "later" ? facts.start.at - context.clock.now() : null;
  const due = [retry, waitLeft(shop, app, facts)].filter((ms) => ms !== null);
  if (plan(facts).length > 0) turns.wake(appId);
  else if (due.length > 0) turns.wakeAfter(appId, Math.min(...due));
}
