// Starts one of the owner's hooks; its end wakes the loop.
import type { App } from "../../domain/app.ts";
import { GantryError } from "../../domain/errors.ts";
import { type Hook, type HookName, hookCommand } from "../../domain/hook.ts";
import type { Workshop } from "../workshop.ts";

export async function runHook(
  { context }: Workshop,
  app: App,
  { hook: name, instanceId }: { hook: HookName; instanceId: string | null },
): Promise<void> {
  const { store, executions } = context;
  const release = app.targetReleaseId === null ? undefined : store.releases.get(app.targetReleaseId);
  const hook = release?.config.hooks?.[name];
  if (release === undefined || hook === undefined) return;
  const { argv, env } = commandOf(hook);
  const before = store.executions.lastHooks(app.id).get(name);
  const isAgain = before?.state === "lost" && before.generation === app.generation;
  await executions.start({
    app,
    release,
    kind: "hook",
    name,
    argv,
    env: { ...env, GANTRY_HOOK: name },
    timeoutMs: hook.timeoutMs,
    instance: instanceId === null ? null : (store.instances.get(instanceId) ?? null),
    actor: "daemon",
    attempt: isAgain ? before.attempt + 1 : 1,
  });
}

/** What can't be split was checked when it was set; should it come up all the same, its row says so. */
function commandOf(hook: Hook): { argv: string[]; env: Record<string, string> } {
  try {
    return hookCommand(hook);
  } catch (error) {
    if (!(error instanceof GantryError)) throw error;
    return { argv: [hook.run], env: {} };
  }
}
