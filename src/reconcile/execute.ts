// One table: what each step does. The only place that starts and stops anything.
import type { App } from "../domain/app.ts";
import type { Step } from "../domain/plan.ts";
import { callOffRestart } from "./steps/call-off-restart.ts";
import { cancelHook } from "./steps/cancel-hook.ts";
import { keepRunning } from "./steps/keep-running.ts";
import { markGood } from "./steps/mark-good.ts";
import { recordEnd } from "./steps/record-end.ts";
import { revertTarget } from "./steps/revert-target.ts";
import { runHook } from "./steps/run-hook.ts";
import { startInstance } from "./steps/start-instance.ts";
import { stopInstance } from "./steps/stop-instance.ts";
import { switchRoute } from "./steps/switch-route.ts";
import type { Workshop } from "./workshop.ts";

type Action<Type extends Step["type"]> = (
  shop: Workshop,
  app: App,
  step: Extract<Step, { type: Type }>,
) => Promise<void>;

const ACTIONS: { [Type in Step["type"]]: Action<Type> } = {
  "record-end": recordEnd,
  "revert-target": revertTarget,
  "start-instance": startInstance,
  "switch-route": switchRoute,
  "stop-instance": stopInstance,
  "mark-good": markGood,
  "run-hook": runHook,
  "cancel-hook": cancelHook,
  "keep-running": keepRunning,
  "call-off-restart": callOffRestart,
};

/** Carries out one step. Short: what takes long (a drain, a stop) goes on by itself and wakes the loop when it is done. */
export function execute(shop: Workshop, app: App, step: Step): Promise<void> {
  const action = ACTIONS[step.type] as Action<Step["type"]>;
  return action(shop, app, step);
}
