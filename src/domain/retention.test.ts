// Which releases stay, and where a rollback without a number goes.
import { describe, expect, it } from "vitest";
import { sampleRelease } from "../../test/helpers/sample-rows.ts";
import type { Release } from "./release.ts";
import { goodBefore, surplusReleases } from "./retention.ts";

const release = (number: number, more: Partial<Release> = {}): Release => ({
  ...sampleRelease(`r${number}`, "a", number),
  code: { type: "live" },
  ...more,
});
const numbers = (releases: Release[]) => releases.map(({ number }) => number).sort();

describe("surplusReleases", () => {
  const six = [1, 2, 3, 4, 5, 6].map((number) => release(number, { pinned: number === 2 }));
  const TABLE: [string, number, string[], number[]][] = [
    ["all may stay", 6, [], []],
    ["the oldest go, pinned ones don't", 3, [], [1, 3]],
    ["needed ones stay", 3, ["r1"], [3]],
    ["needed ones count among the newest", 2, ["r6", "r4"], [1, 3]],
  ];
  it.each(TABLE)("%s", (_name, kept, needed, gone) => {
    expect(numbers(surplusReleases(six, kept, new Set(needed)))).toEqual(gone);
  });
});

describe("goodBefore", () => {
  const TABLE: [string, string, string | null, Release[], number | undefined][] = [
    ["the one before", "r2", "r2", [release(1, { goodAt: 1 }), release(2, { goodAt: 2 })], 1],
    [
      "after a rollback the one that it left",
      "r1",
      "r1",
      [release(1, { goodAt: 3 }), release(2, { goodAt: 2 })],
      2,
    ],
    [
      "one that never got ready is passed over",
      "r3",
      "r3",
      [release(1, { goodAt: 1 }), release(2), release(3, { goodAt: 3 })],
      1,
    ],
    [
      "while the target is on trial: the good one",
      "r3",
      "r2",
      [release(1, { goodAt: 1 }), release(2, { goodAt: 2 }), release(3)],
      2,
    ],
    ["there is none", "r1", "r1", [release(1, { goodAt: 1 })], undefined],
    ["what was never good is no way back", "r2", "r2", [release(1), release(2, { goodAt: 1 })], undefined],
  ];
  it.each(TABLE)("%s", (_name, targetReleaseId, goodReleaseId, releases, expected) => {
    expect(goodBefore({ targetReleaseId, goodReleaseId }, releases)?.number).toBe(expected);
  });
});
