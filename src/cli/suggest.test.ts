import { expect, test } from "vitest";
import { suggest } from "./suggest.ts";

const VERBS = ["up", "down", "start", "stop", "restart", "status", "logs", "ls", "register", "unregister"];

test.each([
  ["strat", "start"],
  ["stauts", "status"],
  ["log", "logs"],
  ["reg", "register"],
  ["unregster", "unregister"],
  ["lss", "ls"],
])("%s is nearest to %s", (typed, meant) => {
  expect(suggest(typed, VERBS)).toBe(meant);
});

test.each(["frobnicate", "x".repeat(10_000), "", "日本語"])("nothing is near to %s", (typed) => {
  expect(suggest(typed, VERBS)).toBeUndefined();
});
