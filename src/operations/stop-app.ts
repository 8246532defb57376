// Makes an app unwanted; the loop stops it.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { bornAfter, type Execution, newExecution } from "../domain/execution.ts";
import { HOOKS, runningHook } from "../domain/hook.ts";
import { newId } from "../lib/id.ts";
import { changeApp } from "./change-app.ts";

/**
 * Ends a build, too. An app that is stopped already is left alone. With `force` its hook before the stop is not asked, and is
 * ended where it runs.
 */
export async function stopApp(
  context: Context,
  app: App,
  actor: string,
  { force }: { force: boolean } = { force: false },
): Promise<App> {
  const { store, reconciler, executions } = context;
  const wasBuilding = context.builder.cancel(app.id, actor);
  const now = store.apps.get(app.id) ?? app;
  const isAsked = runningHook(reconciler.facts(now).hooks, ["pre_stop"]) !== undefined;
  if (!now.wanted && !wasBuilding && !(force && isAsked)) return now;
  const asked = isAsked ? store.executions.lastHooks(app.id).get("pre_stop") : undefined;
  const changed = await changeApp(
    context,
    app.id,
    () => ({ wanted: false }),
    { type: "app.stopped", actor, message: `${app.name} is to stop` },
    (stopped) => (force ? { executions: notAsked(context, stopped, actor) } : {}),
  );
  if (force && asked !== undefined) await executions.cancel(asked.id, "was cancelled: the stop was forced");
  return changed;
}

/** The planner finds it in place of the hook's own run, also after a restart of the daemon. */
function notAsked({ store, clock }: Context, app: App, actor: string): Execution[] {
  const hook = store.releases.get(app.targetReleaseId ?? "")?.config.hooks?.pre_stop;
  if (hook === undefined) return [];
  const createdAt = bornAfter(store.executions.lastHooks(app.id).get("pre_stop"), clock.now());
  const row = newExecution({
    id: newId("x", createdAt),
    app,
    releaseId: app.targetReleaseId,
    kind: "hook",
    name: "pre_stop",
    argv: [hook.run],
    createdAt,
    actor,
  });
  return [{ ...row, state: "skipped", reason: "was not asked: the stop was forced", endedAt: createdAt }];
}

/**
 * Resolves when nothing of the app is alive any more, its hooks included, or after `limitMs`; true when nothing is. False also when
 * the app is wanted again.
 */
export async function untilStopped(context: Context, appId: string, limitMs: number): Promise<boolean> {
  const { store } = context;
  const stopped = (): boolean => isDown(context, appId);
  const isOver = (): boolean => store.apps.get(appId)?.wanted === true || stopped();
  if (isOver()) return stopped();
  return await new Promise((resolve) => {
    const undo = store.onEvent((event) => {
      if (event.appId === appId && isOver()) finish();
    });
    const cancel = context.clock.after(limitMs, () => finish());
    const finish = (): void => {
      undo();
      cancel();
      resolve(stopped());
    };
  });
}

function isDown({ store, reconciler }: Context, appId: string): boolean {
  if (store.instances.ofApp(appId).some((row) => row.endedAt === null)) return false;
  const app = store.apps.get(appId);
  if (app === undefined) return true;
  if (app.wanted) return false;
  const { hooks } = reconciler.facts(app);
  return hooks.post_stop.state !== "due" && runningHook(hooks, HOOKS) === undefined;
}
