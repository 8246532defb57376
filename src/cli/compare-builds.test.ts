import { expect, test } from "vitest";
import { compareBuilds, nameBuild } from "./compare-builds.ts";

test("stamps are ordered by version, then by time, then somehow", () => {
  const ordered = [
    "",
    "0.1.0-rc.9+1800000000.aa",
    "0.1.0-rc.10+1700000000.aa",
    "0.1.0+1763620701.ff",
    "0.1.0+1763620702.aa",
    "0.1.0+1763620702.ab",
    "0.2.0+1700000000.aa",
    "0.10.0+1700000000.aa",
    "1.0.0+1700000000.aa",
  ];
  for (const [i, one] of ordered.entries())
    for (const [j, other] of ordered.entries())
      expect([one, other, Math.sign(compareBuilds(one, other))]).toEqual([one, other, Math.sign(i - j)]);
});

test("what runs from source, or tells what nobody understands, is neither older nor newer", () => {
  for (const strange of ["source", "1.0", "0.1.0+x.y"]) {
    expect(compareBuilds("0.1.0+1763620701.ff", strange)).toBe(0);
    expect(compareBuilds(strange, "")).toBe(0);
  }
});

test("builds of two versions are told apart by these, others by all there is", () => {
  expect(nameBuild("0.1.0+1.a", "0.2.0+2.b")).toBe("0.1.0");
  expect(nameBuild("0.1.0+1.a", "0.1.0+2.b")).toBe("0.1.0+1.a");
});
