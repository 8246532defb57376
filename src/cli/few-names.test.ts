import { expect, test } from "vitest";
import { fewNames } from "./few-names.ts";

const names = (count: number) => Array.from({ length: count }, (_, i) => `a${i}`);

test("names ten and counts the rest", () => {
  expect(fewNames(names(3))).toBe("a0, a1, a2");
  expect(fewNames(names(11))).toBe(names(11).join(", "));
  expect(fewNames(names(1000))).toBe(`${names(10).join(", ")} and 990 more`);
});
