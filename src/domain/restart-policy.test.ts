import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crashesInARow, type Ended, nextRestart, type RestartPolicy } from "./restart-policy.ts";

const policy: RestartPolicy = { policy: "always", delayMs: 200, max: 10, windowMs: 60_000 };

/** Runs of these lengths in ms, one right after the other. */
function runs(...lengths: number[]): Ended[] {
  let now = 1_000_000;
  let crashesBefore = 0;
  return lengths.map((length, index) => {
    const startedAt = now;
    now += length;
    const run = { id: `i${index}`, startedAt, endedAt: now, success: false, crashesBefore };
    crashesBefore = crashesInARow(run, policy);
    return run;
  });
}

const verdictAfter = (...lengths: number[]) => nextRestart(runs(...lengths).at(-1) ?? null, policy);

const wait = (history: Ended[], rule = policy): number => {
  const verdict = nextRestart(history.at(-1) ?? null, rule);
  if (verdict.verdict !== "restart") throw new Error(verdict.verdict);
  return verdict.delayMs;
};

describe("nextRestart", () => {
  it("restarts at once after a run that had settled", () => {
    expect(wait(runs(5_000))).toBe(0);
    expect(wait(runs(0, 0, 0, 20_000))).toBe(0);
  });

  it("backs off by doubling from the delay, ± 25 %", () => {
    for (let crashes = 1; crashes < 10; crashes++) {
      const base = Math.min(60_000, 200 * 2 ** (crashes - 1));
      const waited = wait(runs(...Array<number>(crashes).fill(10)));
      expect(waited).toBeGreaterThanOrEqual(base * 0.75);
      expect(waited).toBeLessThanOrEqual(base * 1.25);
    }
  });

  it("never waits longer than 60 s ± 25 %", () => {
    expect(wait(runs(...Array<number>(50).fill(1)), { ...policy, max: 1_000 })).toBeLessThanOrEqual(75_000);
  });

  it("never waits longer than the cap that the policy names", () => {
    const history = runs(...Array<number>(50).fill(1));
    expect(wait(history, { ...policy, max: 1_000, capMs: 1_000 })).toBeLessThanOrEqual(1_250);
  });

  it("gives up after max crashes in a row, and counts anew after a stable run", () => {
    expect(verdictAfter(...Array<number>(10).fill(1)).verdict).toBe("give-up");
    expect(verdictAfter(...Array<number>(9).fill(1), 30_000, 1)).toMatchObject({ crashes: 1 });
  });

  it("max 0 gives up at the first crash", () => {
    expect(nextRestart(runs(1).at(-1) ?? null, { ...policy, max: 0 }).verdict).toBe("give-up");
  });

  it.each([
    ["never", false, "done"],
    ["never", true, "done"],
    ["on-failure", true, "done"],
    ["on-failure", false, "restart"],
    ["always", true, "restart"],
  ] as const)("policy %s after success=%s: %s", (name, success, verdict) => {
    const history = runs(5_000).map((one) => ({ ...one, success }));
    expect(nextRestart(history.at(-1) ?? null, { ...policy, policy: name }).verdict).toBe(verdict);
  });

  it("gives the same answer for the same history", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 12 }), (lengths) => {
        expect(verdictAfter(...lengths)).toEqual(verdictAfter(...lengths));
      }),
    );
  });
});
