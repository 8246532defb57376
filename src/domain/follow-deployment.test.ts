// How far a release has come, as a table of facts.
import { describe, expect, it } from "vitest";
import { instance, facts as wellFacts } from "../../test/helpers/facts.ts";
import { prospectOf } from "./follow-deployment.ts";
import type { Facts, InstanceFacts } from "./plan.ts";

const one = (more: Partial<InstanceFacts> = {}): InstanceFacts => instance("i", { routed: true, ...more });
const old = one({ id: "old", current: false });

/** Of a release on trial. */
const facts = (more: Partial<Facts>): Facts => wellFacts({ targetIsGood: false, canRevert: true, ...more });

const TABLE: [string, Partial<Facts>, object][] = [
  ["an app that was stopped", { wanted: false }, { on: "leave" }],
  ["a release that is gone", { hasRelease: false }, { on: "ground" }],
  ["nothing runs yet", { instances: [old] }, { on: "way", stage: "start", message: null }],
  ["a dependency is awaited", { blockedBy: ["db"] }, { on: "way", stage: "start", message: "waits for db" }],
  [
    "the first instance starts",
    { instances: [old, one({ phase: "starting", routed: false })] },
    { on: "way", stage: "health" },
  ],
  ["one of two is ready", { replicas: 2, instances: [one()] }, { on: "way", stage: "health" }],
  ["ready, not routed", { instances: [old, one({ routed: false })] }, { on: "way", stage: "switch" }],
  ["routed, not marked", { instances: [one()] }, { on: "way", stage: "switch" }],
  ["routed and good", { targetIsGood: true, instances: [one()] }, { on: "goal" }],
  [
    "a worker needs no route",
    { targetIsGood: true, instances: [one({ routable: false, routed: false })] },
    { on: "goal" },
  ],
  ["a static site that is not published", { isStatic: true }, { on: "way", stage: "switch" }],
  ["a published one", { isStatic: true, targetIsGood: true }, { on: "goal" }],
  ["a job that is done", { finished: true, targetIsGood: true }, { on: "goal" }],
  [
    "given up, with a way back",
    { start: { leave: "never", because: "gave-up" } },
    { on: "way", stage: "start" },
  ],
  [
    "given up, with none",
    { canRevert: false, start: { leave: "never", because: "gave-up" } },
    { on: "ground" },
  ],
  [
    "it crashed often, and is to be tried again",
    { canRevert: false, failedTries: 3, start: { leave: "later", at: 9 } },
    { on: "ground" },
  ],
  [
    "it crashed twice",
    { canRevert: false, failedTries: 2, start: { leave: "later", at: 9 } },
    { on: "way", stage: "start" },
  ],
  [
    "ended for good, but not with success",
    { canRevert: false, start: { leave: "never", because: "done" } },
    { on: "ground" },
  ],
  [
    "never ready in time, with no way back",
    { canRevert: false, instances: [one({ phase: "unhealthy", routed: false })] },
    { on: "ground" },
  ],
  [
    "one is sick, another serves",
    { canRevert: false, replicas: 2, instances: [one({ phase: "unhealthy" }), one({ id: "b" })] },
    { on: "way", stage: "health" },
  ],
];

describe("prospectOf", () => {
  it.each(TABLE)("%s", (_name, given, expected) => {
    expect(prospectOf(facts(given))).toMatchObject(expected);
  });
});
