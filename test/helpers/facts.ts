// What the planner knows of an app that is as it should be, to be changed in one respect.
import { NO_HOOKS } from "../../src/domain/hook.ts";
import type { Facts, InstanceFacts } from "../../src/domain/plan.ts";

/** Ready, and not routed yet. */
export const instance = (id: string, more: Partial<InstanceFacts> = {}): InstanceFacts => ({
  id,
  current: true,
  phase: "ready",
  routable: true,
  routed: false,
  stopping: false,
  stopInFlight: false,
  ...more,
});

/** Wanted, its release good, without instances. */
export const facts = (more: Partial<Facts> = {}): Facts => ({
  wanted: true,
  hasRelease: true,
  isStatic: false,
  replicas: 1,
  strategy: "start-first",
  replaceUnhealthy: true,
  start: { leave: "now" },
  finished: false,
  blockedBy: [],
  targetIsGood: true,
  canRevert: false,
  trialFailed: false,
  failedTries: 0,
  hooks: NO_HOOKS,
  instances: [],
  ...more,
});
