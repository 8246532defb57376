// Ends a hook for which there is no more reason: the app is not to start, or another release is.
import type { App } from "../../domain/app.ts";
import type { HookName } from "../../domain/hook.ts";
import type { Workshop } from "../workshop.ts";

export async function cancelHook(
  { context }: Workshop,
  app: App,
  { hook }: { hook: HookName },
): Promise<void> {
  const run = context.store.executions.lastHooks(app.id).get(hook);
  if (run?.state !== "running") return;
  const why = app.wanted ? "something newer was asked for" : `${app.name} was stopped`;
  await context.executions.cancel(run.id, `was cancelled: ${why}`);
}
