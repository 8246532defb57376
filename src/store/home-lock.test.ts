// One daemon per home, whatever becomes of the others.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockHome } from "./home-lock.ts";

const PROGRAM = join(import.meta.dirname, "../../test/fixtures/programs/hold-home-lock.ts");

let home: string;
let children: ChildProcessWithoutNullStreams[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "gantry-lock-"));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(home, { recursive: true, force: true });
});

/** Starts a contender; resolves with what it says. */
async function contend(): Promise<{ child: ChildProcessWithoutNullStreams; says: string }> {
  const child = spawn(process.execPath, [PROGRAM, home]);
  children.push(child);
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  return { child, says: said.toString().trim() };
}

test("a second daemon is refused, in this process and in another", async () => {
  const lock = lockHome(home);
  expect(() => lockHome(home)).toThrow(expect.objectContaining({ code: "home-locked", details: { home } }));
  expect((await contend()).says).toBe("home-locked");
  lock.release();
  expect((await contend()).says).toBe("held");
  expect(statSync(join(home, "daemon.lock")).mode & 0o777).toBe(0o600);
});

test("the lock goes with a daemon that is killed", async () => {
  const first = await contend();
  expect(first.says).toBe("held");
  expect(() => lockHome(home)).toThrow(expect.objectContaining({ code: "home-locked" }));
  first.child.kill("SIGKILL");
  await once(first.child, "exit");
  lockHome(home).release();
});

test("a home that can't be is named", () => {
  writeFileSync(join(home, "file"), "");
  const place = join(home, "file", "home");
  expect(() => lockHome(place)).toThrow(expect.objectContaining({ code: "invalid-path" }));
});

test("of 50 that start at once exactly one wins", async () => {
  const all = await Promise.all(Array.from({ length: 50 }, contend));
  const said = all.map(({ says }) => says).sort();
  expect(said).toEqual(["held", ...Array.from({ length: 49 }, () => "home-locked")]);
});
