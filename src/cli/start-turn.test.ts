import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeTurn } from "./start-turn.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync("/tmp/gt-");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("one has the turn until it is given back", () => {
  const file = join(dir, "starting");
  const end = takeTurn(file);
  expect(end).not.toBeNull();
  expect(takeTurn(file)).toBeNull();
  end?.();
  expect(existsSync(file)).toBe(false);
  expect(takeTurn(file)).not.toBeNull();
});

test("a turn whose holder is dead, or that is too old, is over", () => {
  const file = join(dir, "starting");
  writeFileSync(file, "999999999");
  expect(takeTurn(file)).not.toBeNull();
  expect(takeTurn(file)).toBeNull();
  utimesSync(file, new Date(0), new Date(0));
  expect(takeTurn(file)).not.toBeNull();
});

test("a folder that can't be written to is an error, not another one's turn", () => {
  expect(() => takeTurn("/dev/null/starting")).toThrow("ENOTDIR");
});
