import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { watchFolder } from "./watch-folder.ts";

let dir: string;
let undo: () => void = () => {};

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "gantry-watch-"));
  mkdirSync(join(dir, "pkg"));
  mkdirSync(join(dir, "node_modules"));
  mkdirSync(join(dir, "data"));
});
afterEach(() => {
  undo();
  rmSync(dir, { recursive: true });
});

it("tells changed code once, and nothing that the app writes itself", async () => {
  const calls: string[][] = [];
  undo = watchFolder(dir, (files) => calls.push(files));
  await new Promise((resolve) => setTimeout(resolve, 300));
  writeFileSync(join(dir, "node_modules", "x.js"), "1");
  writeFileSync(join(dir, "data", "x.json"), "1");
  writeFileSync(join(dir, "app.db"), "1");
  writeFileSync(join(dir, "out.log"), "1");
  writeFileSync(join(dir, "pkg", "views.py"), "1");
  writeFileSync(join(dir, "main.py"), "1");
  await expect.poll(() => calls.length, { timeout: 10_000 }).toBe(1);
  expect(calls[0]?.toSorted()).toEqual([join(dir, "main.py"), join(dir, "pkg", "views.py")]);
});
