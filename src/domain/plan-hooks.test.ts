// Where hooks stand in the plan: a table of facts and steps, and what holds for every mixture of them.
import fc from "fast-check";
import { expect, it } from "vitest";
import { facts, instance } from "../../test/helpers/facts.ts";
import { type AppHooks, HOOKS, type HookName, type HookState, NO_HOOKS } from "./hook.ts";
import { type Facts, plan } from "./plan.ts";

/** Hooks by their states; all others are none. */
const hooks = (states: { [Name in HookName]?: HookState }): { hooks: AppHooks } => ({
  hooks: {
    ...NO_HOOKS,
    ...Object.fromEntries(Object.entries(states).map(([name, state]) => [name, { state, reason: null }])),
  },
});
const run = (hook: HookName, instanceId: string | null = null) => ({ type: "run-hook", hook, instanceId });
const cancel = (hook: HookName) => ({ type: "cancel-hook", hook });
const stop = (instanceId: string, reason: string) => ({ type: "stop-instance", instanceId, reason });
const route = (...instanceIds: string[]) => ({ type: "switch-route", instanceIds });
const start = { type: "start-instance" };
const old = () => instance("old", { current: false, routed: true });

const ready = instance("a", { routed: true });
const due = { pre_deploy: "due", pre_start: "due" } as const;

const TABLE: [string, Facts, unknown[]][] = [
  ["pre_deploy comes first", facts({ ...hooks(due) }), [run("pre_deploy")]],
  ["it is waited for", facts({ ...hooks({ ...due, pre_deploy: "running" }) }), []],
  ["then pre_start", facts({ ...hooks({ ...due, pre_deploy: "done" }) }), [run("pre_start")]],
  ["it is waited for, too", facts({ ...hooks({ pre_start: "running" }) }), []],
  [
    "then the instances",
    facts({ replicas: 2, ...hooks({ pre_deploy: "done", pre_start: "done" }) }),
    [start, start],
  ],
  ["a failed one: nothing is started", facts({ ...hooks({ pre_start: "failed" }) }), []],
  [
    "a failed one of a new release: back to the good one",
    facts({ canRevert: true, targetIsGood: false, instances: [old()], ...hooks({ pre_deploy: "failed" }) }),
    [{ type: "revert-target" }],
  ],
  [
    "stop-first: the old one serves until the hooks are done",
    facts({ strategy: "stop-first", instances: [old()], ...hooks({ pre_start: "due" }) }),
    [run("pre_start")],
  ],
  [
    "stop-first: … and goes on when they fail",
    facts({ strategy: "stop-first", instances: [old()], ...hooks({ pre_start: "failed" }) }),
    [],
  ],
  [
    "a failed one at a restart: what serves goes on",
    facts({
      instances: [instance("old", { current: false, routed: true, ofTarget: true })],
      ...hooks({ pre_start: "failed" }),
    }),
    [{ type: "call-off-restart" }],
  ],
  [
    "… which is told, and changes nothing",
    facts({ instances: [ready], ...hooks({ pre_start: "refused" }) }),
    [],
  ],
  ["dependencies come before hooks", facts({ blockedBy: ["db"], ...hooks(due) }), []],
  ["back-off comes before hooks", facts({ start: { leave: "later", at: 9 }, ...hooks(due) }), []],
  [
    "a hook of an earlier release is ended first",
    facts({ ...hooks({ pre_deploy: "outdated" }) }),
    [cancel("pre_deploy")],
  ],
  ["… and its end is waited for", facts({ ...hooks({ pre_deploy: "ending", pre_start: "due" }) }), []],
  [
    "a start waits for the end of the stop before",
    facts({ ...hooks({ pre_start: "due", post_stop: "outdated" }) }),
    [],
  ],
  [
    "a start ends the hook of a stop",
    facts({ instances: [ready], ...hooks({ pre_stop: "outdated" }) }),
    [cancel("pre_stop")],
  ],
  [
    "post_start waits until it is routed",
    facts({ instances: [instance("a")], ...hooks({ post_start: "due" }) }),
    [route("a")],
  ],
  [
    "post_start and post_deploy wait for the mark",
    facts({ targetIsGood: false, instances: [ready], ...hooks({ post_start: "due" }) }),
    [{ type: "mark-good" }],
  ],
  [
    "post_start gets the port of an instance",
    facts({ instances: [ready], ...hooks({ post_start: "due", post_deploy: "due" }) }),
    [run("post_start", "a"), run("post_deploy")],
  ],
  [
    "a failed post_start changes nothing",
    facts({ instances: [ready], ...hooks({ post_start: "failed" }) }),
    [],
  ],
  [
    "while they run the app is looked after",
    facts({ instances: [instance("a", { phase: "ended" })], ...hooks({ post_start: "running" }) }),
    [{ type: "record-end", instanceId: "a" }],
  ],
  [
    "a stop: pre_stop first, while it serves",
    facts({ wanted: false, instances: [ready], ...hooks({ pre_stop: "due" }) }),
    [run("pre_stop", "a")],
  ],
  ["… is waited for", facts({ wanted: false, instances: [ready], ...hooks({ pre_stop: "running" }) }), []],
  [
    "… lets it be stopped",
    facts({ wanted: false, instances: [ready], ...hooks({ pre_stop: "done" }) }),
    [route()],
  ],
  [
    "… or keeps it running",
    facts({ wanted: false, instances: [ready], ...hooks({ pre_stop: "failed" }) }),
    [{ type: "keep-running" }],
  ],
  [
    "what does not serve is stopped without asking",
    facts({
      wanted: false,
      instances: [instance("a", { phase: "starting" })],
      ...hooks({ pre_stop: "due" }),
    }),
    [stop("a", "stopped")],
  ],
  [
    "post_stop waits for the end",
    facts({
      wanted: false,
      instances: [instance("a", { stopping: true, stopInFlight: true })],
      ...hooks({ post_stop: "due" }),
    }),
    [],
  ],
  ["… and comes then", facts({ wanted: false, ...hooks({ post_stop: "due" }) }), [run("post_stop")]],
  ["… once", facts({ wanted: false, ...hooks({ post_stop: "failed" }) }), []],
  [
    "a stop ends the hooks of a start",
    facts({ wanted: false, ...hooks({ pre_start: "running", post_deploy: "running" }) }),
    [cancel("pre_start"), cancel("post_deploy")],
  ],
  [
    "a static app has only hooks of its deploys",
    facts({ isStatic: true, ...hooks({ post_deploy: "due" }) }),
    [run("post_deploy")],
  ],
];

it.each(TABLE)("%s", (_name, given, expected) => {
  expect(plan(given)).toEqual(expected);
});

const anyState = fc.constantFrom<HookState>("none", "due", "running", "outdated", "ending", "done", "failed");
const anyHooks = fc.record(
  Object.fromEntries(
    HOOKS.map((name) => [name, anyState.map((state) => ({ state, reason: null }))] as const),
  ) as Record<HookName, fc.Arbitrary<AppHooks[HookName]>>,
);
const anyFacts = fc
  .record({
    wanted: fc.boolean(),
    replicas: fc.integer({ min: 1, max: 2 }),
    strategy: fc.constantFrom("start-first" as const, "stop-first" as const),
    targetIsGood: fc.boolean(),
    canRevert: fc.boolean(),
    hooks: anyHooks,
    instances: fc.subarray([
      old(),
      instance("a", { routed: true }),
      instance("b", { phase: "starting" }),
      instance("c", { phase: "unhealthy", routable: false }),
    ]),
  })
  .map(facts);

it("starts nothing, and ends nothing for a start, before what must succeed has", () => {
  fc.assert(
    fc.property(anyFacts, (given) => {
      const steps = plan(given);
      const open = (["pre_deploy", "pre_start"] as const).filter(
        (name) => !["none", "done"].includes(given.hooks[name].state),
      );
      if (open.length === 0 || !given.wanted) return;
      expect(steps).not.toContainEqual(start);
      if (given.instances.every(({ current }) => !current)) expect(steps).not.toContainEqual(route());
    }),
    { numRuns: 2_000 },
  );
});

it("runs a hook only when it is due, one at a time before a start, and ends only what runs", () => {
  fc.assert(
    fc.property(anyFacts, (given) => {
      const steps = plan(given);
      for (const step of steps) {
        if (step.type === "run-hook") expect(given.hooks[step.hook].state).toBe("due");
        if (step.type === "cancel-hook")
          expect(["running", "outdated"]).toContain(given.hooks[step.hook].state);
        if (step.type === "keep-running") expect(given.hooks.pre_stop.state).toBe("failed");
      }
      const before = steps.filter((step) => step.type === "run-hook" && step.hook.startsWith("pre_"));
      expect(before.length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 2_000 },
  );
});

it("stops an app that does not serve, whatever its hooks say", () => {
  fc.assert(
    fc.property(anyFacts, (given) => {
      const silent = given.instances.filter(({ phase }) => phase !== "ready");
      const steps = plan({ ...given, wanted: false, instances: silent });
      if (silent.length === 0 || steps.some(({ type }) => type === "cancel-hook")) return;
      expect(steps).toEqual(silent.map(({ id }) => stop(id, "stopped")));
    }),
    { numRuns: 1_000 },
  );
});
