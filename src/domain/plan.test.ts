// The planner as a table of facts and expected steps, and as properties that hold for all facts.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { facts, instance } from "../../test/helpers/facts.ts";
import { type Facts, type InstanceFacts, plan, type Step } from "./plan.ts";

const old = (more: Partial<InstanceFacts> = {}) => instance("old", { current: false, routed: true, ...more });
const stop = (instanceId: string, reason: string) => ({ type: "stop-instance", instanceId, reason });
const route = (...instanceIds: string[]) => ({ type: "switch-route", instanceIds });
const start = { type: "start-instance" };

const TABLE: [string, Facts, unknown[]][] = [
  ["a wanted app without instances is started", facts(), [start]],
  ["an app without a release waits for its build", facts({ hasRelease: false }), []],
  ["three replicas are started at once", facts({ replicas: 3 }), [start, start, start]],
  [
    "only what is missing is started",
    facts({ replicas: 2, instances: [instance("a", { routed: true })] }),
    [start],
  ],
  ["a starting instance counts", facts({ instances: [instance("a", { phase: "starting" })] }), []],
  ["a dependency that is not ready holds the start back", facts({ blockedBy: ["db"] }), []],
  ["back-off holds the start back", facts({ start: { leave: "later", at: 9 } }), []],
  ["an app that gave up stays down", facts({ start: { leave: "never", because: "gave-up" } }), []],
  [
    "a release that can't run gives way to the good one",
    facts({
      start: { leave: "never", because: "gave-up" },
      canRevert: true,
      targetIsGood: false,
      instances: [old()],
    }),
    [{ type: "revert-target" }],
  ],
  [
    "a release that failed its trial gives way at once, also while an instance of it lives",
    facts({
      trialFailed: true,
      canRevert: true,
      targetIsGood: false,
      instances: [old(), instance("new", { phase: "unhealthy" })],
    }),
    [{ type: "revert-target" }],
  ],
  [
    "with nothing to go back to it is tried again",
    facts({ trialFailed: true, targetIsGood: false }),
    [start],
  ],
  [
    "a job that is done is good",
    facts({ finished: true, targetIsGood: false, start: { leave: "never", because: "done" } }),
    [{ type: "mark-good" }],
  ],
  [
    "… and what it replaced goes",
    facts({
      finished: true,
      start: { leave: "never", because: "done" },
      instances: [old({ routed: false })],
    }),
    [stop("old", "replaced")],
  ],
  [
    "a static site is published, then good",
    facts({ isStatic: true, targetIsGood: false }),
    [route(), { type: "mark-good" }],
  ],
  ["a good static site stays as it is", facts({ isStatic: true }), []],
  ["a ready instance is routed", facts({ instances: [instance("a")] }), [route("a")]],
  ["a worker has no route", facts({ instances: [instance("a", { routable: false })] }), []],
  [
    "a routed one that proved itself is marked",
    facts({ targetIsGood: false, instances: [instance("a", { routed: true })] }),
    [{ type: "mark-good" }],
  ],
  ["all is well", facts({ instances: [instance("a", { routed: true })] }), []],
  [
    "an end is recorded before anything else",
    facts({
      instances: [instance("a", { phase: "ended", routed: true }), instance("b", { phase: "unhealthy" })],
    }),
    [{ type: "record-end", instanceId: "a" }],
  ],
  [
    "an end that a stop is about to record is left to it",
    facts({
      wanted: false,
      instances: [instance("a", { phase: "ended", stopping: true, stopInFlight: true })],
    }),
    [],
  ],
  [
    "what is not wanted is unrouted first",
    facts({ wanted: false, instances: [instance("a", { routed: true })] }),
    [route()],
  ],
  [
    "then stopped",
    facts({ wanted: false, instances: [instance("a"), instance("b", { phase: "starting" })] }),
    [stop("a", "stopped"), stop("b", "stopped")],
  ],
  [
    "a stop under way is not begun again",
    facts({ wanted: false, instances: [instance("a", { stopping: true, stopInFlight: true })] }),
    [],
  ],
  [
    "a stop that an earlier daemon began is gone on with",
    facts({ instances: [instance("a", { stopping: true })] }),
    [stop("a", "stopped")],
  ],
  ["start-first: the new one comes up beside the old one", facts({ instances: [old()] }), [start]],
  [
    "start-first: the old one serves while the new one starts",
    facts({ instances: [old(), instance("new", { phase: "starting" })] }),
    [],
  ],
  [
    "start-first: switch when the new one is ready",
    facts({ instances: [old(), instance("new")] }),
    [route("new")],
  ],
  [
    "start-first: then the old one goes",
    facts({ instances: [old({ routed: false }), instance("new", { routed: true })] }),
    [stop("old", "replaced")],
  ],
  [
    "start-first: all replicas must be ready before the switch",
    facts({ replicas: 2, instances: [old(), instance("a"), instance("b", { phase: "starting" })] }),
    [],
  ],
  [
    "start-first: but if nobody serves, the first ready one does",
    facts({
      replicas: 2,
      instances: [old({ phase: "unhealthy" }), instance("a"), instance("b", { phase: "starting" })],
    }),
    [route("a")],
  ],
  ["stop-first: requests are held first", facts({ strategy: "stop-first", instances: [old()] }), [route()]],
  [
    "stop-first: then the old one goes",
    facts({ strategy: "stop-first", instances: [old({ routed: false })] }),
    [stop("old", "replaced")],
  ],
  [
    "stop-first: its end is awaited",
    facts({
      strategy: "stop-first",
      instances: [old({ routed: false, stopping: true, stopInFlight: true })],
    }),
    [],
  ],
  [
    "stop-first: a waiting dependency leaves the old one alone",
    facts({ strategy: "stop-first", blockedBy: ["db"], instances: [old()] }),
    [],
  ],
  [
    "an unhealthy unrouted instance is stopped",
    facts({ instances: [instance("a", { phase: "unhealthy" })] }),
    [stop("a", "unhealthy")],
  ],
  [
    "a hung instance that serves is replaced, not dropped",
    facts({ instances: [instance("a", { phase: "unhealthy", routed: true })] }),
    [start],
  ],
  [
    "… switched from when the new one is ready",
    facts({ instances: [instance("a", { phase: "unhealthy", routed: true }), instance("b")] }),
    [route("b")],
  ],
  [
    "… and stopped",
    facts({ instances: [instance("a", { phase: "unhealthy" }), instance("b", { routed: true })] }),
    [stop("a", "unhealthy")],
  ],
  [
    "stop-first: a hung one is unrouted before it is replaced",
    facts({ strategy: "stop-first", instances: [instance("a", { phase: "unhealthy", routed: true })] }),
    [route()],
  ],
  [
    "policy never: a hung one is left alone",
    facts({ replaceUnhealthy: false, instances: [instance("a", { phase: "unhealthy", routed: true })] }),
    [],
  ],
  [
    "scaling down: unroute the surplus",
    facts({ instances: [instance("a", { routed: true }), instance("b", { routed: true })] }),
    [route("a")],
  ],
  [
    "… then stop it",
    facts({ instances: [instance("a", { routed: true }), instance("b")] }),
    [stop("b", "replaced")],
  ],
  [
    "an engine that can't be asked: nothing is done",
    facts({ replicas: 3, instances: [instance("a", { phase: "unknown", routed: true })] }),
    [],
  ],
  [
    "… and nothing is stopped when the app is not wanted",
    facts({ wanted: false, instances: [instance("a", { phase: "unknown" })] }),
    [],
  ],
  [
    "a static app that ran processes before ends them",
    facts({ isStatic: true, instances: [old({ routed: false })] }),
    [stop("old", "replaced")],
  ],
];

describe("plan", () => {
  it.each(TABLE)("%s", (_name, given, expected) => {
    expect(plan(given)).toEqual(expected);
  });
});

const anyInstance = fc.record({
  current: fc.boolean(),
  phase: fc.constantFrom("starting", "ready", "unhealthy", "ended"),
  routable: fc.boolean(),
  routed: fc.boolean(),
  stopping: fc.boolean(),
});

const anyFacts: fc.Arbitrary<Facts> = fc
  .record({
    wanted: fc.boolean(),
    hasRelease: fc.boolean(),
    replicas: fc.integer({ min: 1, max: 3 }),
    strategy: fc.constantFrom("start-first", "stop-first"),
    replaceUnhealthy: fc.boolean(),
    targetIsGood: fc.boolean(),
    instances: fc.array(anyInstance, { maxLength: 5 }),
  })
  .map((given) =>
    facts({
      ...given,
      instances: given.instances.map((one, index) =>
        instance(`i${index}`, { ...one, routed: one.routed && one.routable && !one.stopping }),
      ),
    } as Partial<Facts>),
  );

/** What the executor and a well-behaved world make of the steps: stops end, starts get ready. */
function apply(before: Facts, steps: Step[], next: { id: number }): Facts {
  let after = before;
  for (const step of steps) {
    const change = (id: string, more: Partial<InstanceFacts>): InstanceFacts[] =>
      after.instances.map((one) => (one.id === id ? { ...one, ...more } : one));
    if (step.type === "record-end")
      after = { ...after, instances: after.instances.filter((one) => one.id !== step.instanceId) };
    if (step.type === "stop-instance")
      after = {
        ...after,
        instances: change(step.instanceId, { phase: "ended", stopping: true, routed: false }),
      };
    if (step.type === "start-instance")
      after = { ...after, instances: [...after.instances, instance(`n${next.id++}`)] };
    if (step.type === "mark-good") after = { ...after, targetIsGood: true };
    if (step.type === "switch-route")
      after = {
        ...after,
        instances: after.instances.map((one) => ({ ...one, routed: step.instanceIds.includes(one.id) })),
      };
  }
  return after;
}

/** Starting instances get ready when nothing else happens. */
const settle = (given: Facts): Facts => ({
  ...given,
  instances: given.instances.map((one) => (one.phase === "starting" ? { ...one, phase: "ready" } : one)),
});

function runToRest(given: Facts): Facts {
  let now = given;
  const next = { id: 0 };
  for (let round = 0; round < 60; round++) {
    const steps = plan(now);
    const after = steps.length > 0 ? apply(now, steps, next) : settle(now);
    if (JSON.stringify(after) === JSON.stringify(now)) return now;
    now = after;
  }
  throw new Error("no rest");
}

/** A target whose instances never get ready: time-outs for what lives, crashes for what is started. */
function failTrial(given: Facts): Facts {
  let now: Facts = { ...given, canRevert: true, targetIsGood: false };
  const next = { id: 0 };
  for (let round = 0; round < 80; round++) {
    const steps = plan(now);
    if (now.canRevert) expect(steps.map(({ type }) => type)).not.toContain("mark-good");
    let after = apply(now, steps, next);
    if (steps.some((step) => step.type === "revert-target"))
      after = {
        ...after,
        canRevert: false,
        trialFailed: false,
        targetIsGood: true,
        // What was current is not any more; what was there before is the good release's.
        instances: after.instances.map((one) => ({ ...one, current: !one.current })),
      };
    else if (after.canRevert)
      after = {
        ...after,
        instances: after.instances.map((one) =>
          one.current && one.phase !== "ended" ? { ...one, phase: "unhealthy" } : one,
        ),
      };
    if (after.canRevert)
      after.trialFailed = after.instances.some(
        (one) => one.current && !one.stopping && one.phase === "unhealthy",
      );
    else if (steps.length === 0) after = settle(after);
    if (JSON.stringify(after) === JSON.stringify(now)) return now;
    now = after;
  }
  throw new Error("no rest");
}

describe("plan, for all facts", () => {
  it("a failing trial always ends on the good release, with it alone and routed", () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const before = { ...given, wanted: true, hasRelease: true, replaceUnhealthy: true };
        const old = before.instances.filter((one) => !one.current && one.phase === "ready");
        const end = failTrial({ ...before, instances: old });
        expect(end).toMatchObject({ canRevert: false, targetIsGood: true });
        const alive = end.instances.filter((one) => one.phase !== "ended");
        expect(alive).toHaveLength(given.replicas);
        expect(
          alive.every((one) => one.current && one.phase === "ready" && one.routed === one.routable),
        ).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("goes back, or marks, never both, and only one at a time", () => {
    fc.assert(
      fc.property(anyFacts, fc.boolean(), fc.boolean(), (given, canRevert, trialFailed) => {
        const kinds = plan({ ...given, canRevert, trialFailed }).map(({ type }) => type);
        const aims = kinds.filter((type) => type === "revert-target" || type === "mark-good");
        expect(aims.length).toBeLessThanOrEqual(1);
        if (kinds.includes("revert-target")) expect(kinds).toEqual(["revert-target"]);
      }),
      { numRuns: 2_000 },
    );
  });

  it("comes to rest, with just the wanted instances", () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const end = runToRest(given);
        const alive = end.instances.filter((one) => one.phase !== "ended");
        if (!given.wanted) expect(alive).toEqual([]);
        else if (given.hasRelease && given.replaceUnhealthy) {
          expect(alive).toHaveLength(given.replicas);
          expect(
            alive.every((one) => one.current && one.phase === "ready" && one.routed === one.routable),
          ).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("start-first never leaves an app without a ready routed instance once it had one", () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        let now: Facts = { ...given, wanted: true, hasRelease: true, strategy: "start-first" };
        const serves = (one: Facts) => one.instances.some((i) => i.routed && i.phase === "ready");
        fc.pre(serves(now));
        const next = { id: 0 };
        for (let round = 0; round < 60; round++) {
          const steps = plan(now);
          const after = steps.length > 0 ? apply(now, steps, next) : settle(now);
          if (serves(now) && now.instances.every((i) => i.routable || i.phase !== "ready"))
            expect(serves(after)).toBe(true);
          if (JSON.stringify(after) === JSON.stringify(now)) break;
          now = after;
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("never routes to what is not ready, nor stops what is routed", () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        for (const step of plan(given)) {
          const find = (id: string) => given.instances.find((one) => one.id === id);
          if (step.type === "stop-instance") expect(find(step.instanceId)?.routed).toBe(false);
          if (step.type === "switch-route")
            for (const id of step.instanceIds.filter((one) => !find(one)?.routed))
              expect(find(id)?.phase).toBe("ready");
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
