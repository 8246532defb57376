// When a hook is due: a table of what happened before and what follows.
import { describe, expect, it } from "vitest";
import { sampleExecution } from "../../test/helpers/sample-rows.ts";
import type { Execution } from "./execution.ts";
import { HOOKS, type HookName, type Hooks, hookCommand, hookFacts, NO_HOOKS, type Occasion } from "./hook.ts";

const hook = { run: "./it.sh", timeoutMs: 60_000, shell: false };
const ALL: Hooks = Object.fromEntries(HOOKS.map((name) => [name, hook]));

const occasion = (more: Partial<Occasion> = {}): Occasion => ({
  releaseId: "r2",
  generation: 5,
  round: 2,
  startRound: more.round ?? 2,
  wanted: true,
  startedBefore: false,
  ranBefore: false,
  targetIsGood: false,
  wasGood: false,
  ...more,
});

const run = (more: Partial<Execution> = {}): Execution =>
  sampleExecution("x", "a", { releaseId: "r2", generation: 5, round: 2, state: "done", ...more });

const failure = { state: "failed", reason: "exited with code 1" } as const;
const stopping = { wanted: false, startedBefore: true, ranBefore: true };
const serving = { startedBefore: true, ranBefore: true, targetIsGood: true };

const TABLE: [string, HookName, Partial<Occasion>, Partial<Execution> | null, string][] = [
  ["a first start", "pre_start", {}, null, "due"],
  ["… while it runs", "pre_start", {}, { state: "running" }, "running"],
  ["… when it is done", "pre_start", {}, {}, "done"],
  ["… when it failed", "pre_start", {}, failure, "failed"],
  ["… when it took too long", "pre_start", {}, { state: "timed_out" }, "failed"],
  ["… when somebody cancelled it", "pre_start", {}, { state: "cancelled" }, "failed"],
  ["… when it vanished with the machine", "pre_start", {}, { state: "lost" }, "due"],
  [
    "what goes on when a deploy beside it failed",
    "post_start",
    { ...serving, round: 3, startRound: 2 },
    {},
    "done",
  ],
  ["what was started again after that", "post_start", { ...serving, round: 3, startRound: 3 }, {}, "due"],
  ["a crash restart", "pre_start", { startedBefore: true }, null, "none"],
  ["a restart by a person", "pre_start", {}, { generation: 4 }, "due"],
  ["… after a failure", "pre_start", {}, { ...failure, generation: 4 }, "due"],
  ["another release", "pre_start", {}, { releaseId: "r1", round: 1 }, "due"],
  [
    "another release while the hook of the one before runs",
    "pre_start",
    {},
    { state: "running", round: 1 },
    "outdated",
  ],
  ["a run that is being ended", "pre_start", {}, { state: "running", endingAs: "cancelled" }, "ending"],
  [
    "back to the release before, which still runs",
    "pre_start",
    { startedBefore: true },
    { ...failure, round: 1 },
    "none",
  ],
  [
    "a restart that was called off",
    "pre_start",
    serving,
    { ...failure, generation: 6, spent: true },
    "refused",
  ],
  [
    "… and a deploy since",
    "pre_start",
    { ...serving, round: 3 },
    { ...failure, generation: 6, spent: true },
    "none",
  ],
  ["… and asked for again", "pre_start", {}, { ...failure, spent: true }, "due"],
  ["… before the app was stopped", "pre_start", stopping, { ...failure, generation: 6, spent: true }, "none"],
  ["an app that is not wanted", "pre_start", { wanted: false }, null, "none"],
  ["… although it still runs", "pre_start", { wanted: false }, { state: "running" }, "running"],

  ["a new release", "pre_deploy", {}, { releaseId: "r1", round: 1 }, "due"],
  ["… done before this start", "pre_deploy", {}, { generation: 4, round: 1 }, "done"],
  ["… failed, and started again", "pre_deploy", {}, { ...failure, generation: 4 }, "due"],
  ["… failed just now", "pre_deploy", {}, failure, "failed"],
  ["a restart of a good release", "pre_deploy", { targetIsGood: true }, null, "none"],
  ["a rollback", "pre_deploy", { wasGood: true }, { releaseId: "r1" }, "none"],
  ["a crash on trial", "pre_deploy", { startedBefore: true }, null, "none"],

  ["ready for the first time", "post_start", serving, null, "due"],
  ["ready again after a crash", "post_start", serving, {}, "done"],
  ["ready after a restart", "post_start", serving, { generation: 4 }, "due"],
  ["lost: it is not repeated", "post_start", serving, { state: "lost", reason: "vanished" }, "failed"],

  ["a release on trial", "post_deploy", { startedBefore: true }, null, "none"],
  ["a release that became good", "post_deploy", serving, { releaseId: "r1" }, "due"],
  ["a restart later", "post_deploy", serving, { generation: 1, round: 1 }, "done"],
  ["its failure", "post_deploy", serving, failure, "failed"],

  ["a stop", "pre_stop", stopping, null, "due"],
  ["… of an earlier generation", "pre_stop", stopping, { generation: 4 }, "due"],
  ["… that it refused", "pre_stop", stopping, failure, "failed"],
  ["… which was called off", "pre_stop", serving, { ...failure, spent: true }, "refused"],
  ["… and is asked for again", "pre_stop", stopping, { ...failure, spent: true }, "due"],
  ["… and started anew", "pre_stop", serving, { ...failure, spent: true, generation: 4 }, "none"],
  ["… by force", "pre_stop", stopping, { state: "skipped" }, "done"],
  ["a running app", "pre_stop", serving, null, "none"],

  ["nothing ran", "post_stop", { wanted: false }, null, "none"],
  ["all has ended", "post_stop", stopping, { generation: 4 }, "due"],
  ["all had ended", "post_stop", stopping, {}, "done"],
  ["a start while it runs", "post_stop", { generation: 6 }, { state: "running" }, "outdated"],
];

describe("hookFacts", () => {
  it.each(TABLE)("%s: %s", (_, name, more, last, expected) => {
    const runs = last === null ? [] : ([[name, run({ ...last, name })]] as const);
    expect(hookFacts({ [name]: hook }, occasion(more), new Map(runs))[name].state).toBe(expected);
  });

  it("names the hook in the reason", () => {
    const facts = hookFacts(ALL, occasion(), new Map([["pre_start", run(failure)]]));
    expect(facts.pre_start.reason).toBe("pre_start exited with code 1");
    expect(facts.pre_deploy.state).toBe("due");
  });

  it("has nothing to say where there are no hooks", () => {
    expect(hookFacts({}, occasion(), new Map())).toBe(NO_HOOKS);
    expect(
      hookFacts({}, occasion(), new Map([["pre_start", run({ state: "running", round: 1 })]])).pre_start
        .state,
    ).toBe("outdated");
    expect(hookFacts({}, occasion(), new Map([["pre_start", run(failure)]])).pre_start.state).toBe("none");
  });
});

describe("hookCommand", () => {
  it("splits words, takes variables in front of them, and gives to a shell only what is meant for one", () => {
    expect(hookCommand({ ...hook, run: "MODE=fast python 'a b.py'" })).toEqual({
      argv: ["python", "a b.py"],
      env: { MODE: "fast" },
    });
    expect(hookCommand({ ...hook, run: "a && b", shell: true }).argv).toEqual(["/bin/sh", "-c", "a && b"]);
    expect(() => hookCommand({ ...hook, run: "a && b" })).toThrow("shell");
  });
});
