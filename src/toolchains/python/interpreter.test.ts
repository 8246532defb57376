import { expect, it } from "vitest";
import { satisfies } from "./interpreter.ts";

it.each([
  ["3.11.7", null, true],
  ["3.11.7", "", true],
  ["3.11.7", ">=3.8", true],
  ["3.11.7", ">=3.12", false],
  ["3.11.7", ">=3.8,<3.11", false],
  ["3.11.7", ">= 3.8, < 4", true],
  ["3.11.7", "==3.11.*", true],
  ["3.11.7", "==3.10.*", false],
  ["3.11.7", "!=3.11.*", false],
  ["3.11.7", "~=3.11", true],
  ["3.11.7", "~=3.11.8", false],
  ["3.12.0", "~=3.11.0", false],
  ["3.12.0", "~=3.11", true],
  ["3.12.0", "^3.11", true],
  ["4.0.0", "^3.11", false],
  ["3.12.0", "~3.11", false],
  ["3.12.0", "^3.8 || ^4", true],
  ["3.1.0", "==3.11", false],
  ["3.11.7", "3.11", true],
  ["3.11.7", "whatever", true],
])("Python %s and %j: %s", (version, specifier, expected) => {
  expect(satisfies(version, specifier)).toBe(expected);
});
