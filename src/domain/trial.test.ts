// When a newcomer has shown that it can't run.
import { describe, expect, it } from "vitest";
import { sampleInstance } from "../../test/helpers/sample-rows.ts";
import { hasFailedTrial, type Tries } from "./trial.ts";

const crashed = sampleInstance("i1", "a", "r", { endedAt: 1, endReason: "exited" });
const late = sampleInstance("i2", "a", "r", { endedAt: 1, endReason: "unhealthy" });

const TABLE: [string, Partial<Tries>, boolean][] = [
  ["no run has ended", {}, false],
  ["a crash while requests wait", { failed: [crashed] }, true],
  ["a crash beside a healthy one", { failed: [crashed], isBesideHealthy: true }, false],
  ["two of them", { failed: [crashed, crashed], isBesideHealthy: true }, true],
  [
    "a crash beside a healthy one that is not to run again",
    { failed: [crashed], isBesideHealthy: true, mayTryAgain: false },
    true,
  ],
  ["one that was not ready in time", { failed: [late], isBesideHealthy: true }, true],
  ["one that lives and is not ready in time", { isUnhealthy: true, isBesideHealthy: true }, true],
];

describe("hasFailedTrial", () => {
  it.each(TABLE)("%s", (_name, given, expected) => {
    const tries = { failed: [], isUnhealthy: false, isBesideHealthy: false, mayTryAgain: true, ...given };
    expect(hasFailedTrial(tries)).toBe(expected);
  });
});
