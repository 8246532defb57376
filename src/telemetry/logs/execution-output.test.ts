// What executions print: apart, bounded, followed to the end, and removed when it is old.
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "../../../test/helpers/until.ts";
import type { ExecutionOutput, OutputQuery } from "../../domain/execution-output.ts";
import { createExecutionOutput } from "./execution-output.ts";

const MIB = 1024 * 1024;
let home: string;
let output: ExecutionOutput;
let clock: number;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "gantry-output-"));
  clock = Date.now();
  output = open();
});
afterEach(() => {
  output.close();
  rmSync(home, { recursive: true, force: true });
});

const open = () =>
  createExecutionOutput({
    home,
    maxBytes: MIB,
    maxBytesPerApp: 4 * MIB,
    retentionDays: 30,
    keep: 5,
    now: () => clock,
  });

async function texts(id: string, query: OutputQuery = {}): Promise<string[]> {
  const found: string[] = [];
  for await (const line of output.read("notes", id, query)) found.push(`${line.instanceId} ${line.text}`);
  return found;
}

/** As a run leaves it that has ended. */
function ended(id: string, text: string): string {
  const { out } = output.filesOf("notes", id);
  output.attach("notes", id);
  writeFileSync(out, text);
  output.detach(id);
  return dirname(out);
}

test("stdout and stderr are kept apart and read together", async () => {
  const { out, err } = output.filesOf("notes", "x_1");
  output.attach("notes", "x_1");
  appendFileSync(out, "one\ntwo\n");
  appendFileSync(err, "oops\nno line end");
  output.detach("x_1");
  expect(await texts("x_1", { stream: "out" })).toEqual(["out one", "out two"]);
  expect(await texts("x_1", { stream: "out", tail: 1 })).toEqual(["out two"]);
  expect((await texts("x_1")).sort()).toEqual(["err no line end", "err oops", "out one", "out two"]);
  expect(await output.lastLines("notes", "x_1", 1)).toEqual(["no line end"]);
  output = open();
  expect(await texts("x_1", { stream: "err" })).toEqual(["err oops", "err no line end"]);
  expect(await texts("x_none")).toEqual([]);
  ended("x_2", "only\nthis\n");
  expect(await output.lastLines("notes", "x_2", 5)).toEqual(["only", "this"]);
});

test("a follower sees all of it, and its end", async () => {
  const { out } = output.filesOf("notes", "x_1");
  output.attach("notes", "x_1");
  appendFileSync(out, "one\n");
  const seen: string[] = [];
  const following = (async () => {
    for await (const { text } of output.read("notes", "x_1", { follow: true })) seen.push(text);
  })();
  await until("the first line", () => seen.length === 1);
  appendFileSync(out, "two\nthe rest");
  output.detach("x_1");
  await following;
  expect(seen).toEqual(["one", "two", "the rest"]);
  expect(await texts("x_1", { follow: true })).toHaveLength(3);
});

test("a flood stays under its cap, and what was printed last stays", async () => {
  const { out, err } = output.filesOf("notes", "x_1");
  output.attach("notes", "x_1");
  appendFileSync(err, "what went wrong\n");
  for (let n = 0; n < 40; n++) {
    appendFileSync(out, `${"x".repeat(100_000)}\n`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  appendFileSync(out, "last words\n");
  await until("the head to be freed", () => statSync(out).blocks * 512 < 1.2 * MIB);
  output.detach("x_1");
  expect(await texts("x_1", { stream: "out", tail: 1 })).toEqual(["out last words"]);
  expect(await texts("x_1", { stream: "err" })).toEqual(["err what went wrong"]);
});

test("old, surplus and too large output is removed, but never of one that runs", async () => {
  const folders = new Map<string, string>();
  for (let n = 1; n <= 8; n++) folders.set(`x_${n}`, ended(`x_${n}`, "text\n"));
  const live = dirname(output.filesOf("notes", "x_0").out);
  output.attach("notes", "x_0");
  const left = () => [...folders].filter(([, folder]) => existsSync(folder)).map(([id]) => id);
  await output.prune();
  expect(left()).toHaveLength(8);
  clock += 60_000;
  await output.prune();
  expect(left()).toEqual(["x_4", "x_5", "x_6", "x_7", "x_8"]);
  expect(existsSync(live)).toBe(true);
  const old = join(folders.get("x_8") ?? "", "out.log");
  for (const file of [old, old.replace("out.log", "err.log"), old.replace(".log", ".idx")])
    if (existsSync(file)) utimesSync(file, 1, 1);
  writeFileSync(join(folders.get("x_5") ?? "", "out.log"), Buffer.alloc(5 * MIB, "x"));
  await output.prune();
  expect(left()).toEqual(["x_6", "x_7"]);
});
