import { describe, expect, test } from "vitest";
import { BURST_CAPS, BURST_RATE, judgeGrowth } from "./cap-rule.ts";

const MIB = 1024 * 1024;
const cap = 64 * MIB;
/** As much as comes in 10 ms at this many times the rate of a burst. */
const grown = (times: number) => ({ cap, bytes: times * BURST_RATE * 10, elapsedMs: 10 });

describe("what has grown", () => {
  test("is left alone below seven eighths of the cap", () => {
    expect(judgeGrowth({ ...grown(0.5), total: cap * 0.875 })).not.toHaveProperty("keep");
    expect(judgeGrowth({ ...grown(8), total: cap * 0.875 })).not.toHaveProperty("held");
  });

  test("is freed above that, the more the faster it comes", () => {
    expect(judgeGrowth({ cap, bytes: 1_000, elapsedMs: 250, total: cap * 0.9 })).toEqual({
      keep: cap * 0.75,
    });
    expect(judgeGrowth({ ...grown(0.99), total: cap * 0.9 })).toMatchObject({ keep: cap / 2 });
  });

  test("in a burst waits for its end, up to three times the cap", () => {
    for (const total of [cap * 0.9, cap * 2, cap * BURST_CAPS])
      expect(judgeGrowth({ ...grown(1.1), total })).toEqual({ held: true, lookInMs: 5 });
    expect(judgeGrowth({ ...grown(1.1), total: cap * BURST_CAPS + 1 })).toMatchObject({ keep: cap / 2 });
    expect(judgeGrowth({ ...grown(0.9), total: cap * 2 })).toMatchObject({ keep: cap / 2 });
  });

  test("is looked at again before the room is used up, never more often than each 5 ms", () => {
    expect(judgeGrowth({ cap, bytes: cap / 300, elapsedMs: 250, total: cap / 2 })).toEqual({});
    expect(judgeGrowth({ cap, bytes: MIB, elapsedMs: 1, total: cap / 2 }).lookInMs).toBeCloseTo(16);
    expect(judgeGrowth({ cap, bytes: 16 * MIB, elapsedMs: 1, total: cap / 2 }).lookInMs).toBe(5);
    expect(judgeGrowth({ cap, bytes: MIB, elapsedMs: 250, total: 0 }).lookInMs).toBe(250);
    // Two looks at once.
    expect(judgeGrowth({ cap, bytes: MIB, elapsedMs: 0, total: 0 }).lookInMs).toBe(32);
  });
});
