// All files of a new folder, or none.
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { filesIn } from "../../test/helpers/code-bed.ts";
import type { TemplateFile } from "../domain/template.ts";
import { checkNewFolder, writeFolder } from "./write-folder.ts";

let dir: string;
let umask: number;
beforeEach(() => {
  dir = mkdtempSync("/tmp/g-w-");
  // As the daemon.
  umask = process.umask(0o077);
});
afterEach(() => {
  process.umask(umask);
  rmSync(dir, { recursive: true });
});

const file = (text: string, executable = false): TemplateFile => ({ content: Buffer.from(text), executable });
const FILES = new Map([
  ["a.txt", file("a")],
  ["sub/deep/run", file("r", true)],
  ["sub/b.txt", file("b")],
]);
const EXPECTED = { "a.txt": "a", "sub/deep/run*": "r", "sub/b.txt": "b" };
const write = async (path: string) => await writeFolder(await checkNewFolder(path), FILES);
const mode = (path: string) => (statSync(join(dir, path)).mode & 0o777).toString(8);

test("a new folder, as open as the one around it, and away again", async () => {
  chmodSync(dir, 0o775);
  const { folder, undo } = await write(join(dir, "app"));
  expect(folder).toBe(join(dir, "app"));
  expect(filesIn(folder)).toEqual(EXPECTED);
  expect(["app", "app/sub", "app/a.txt", "app/sub/deep/run"].map(mode)).toEqual(["755", "755", "644", "755"]);
  await undo();
  expect(readdirSync(dir)).toEqual([]);
});

test("in a private folder it is private", async () => {
  chmodSync(dir, 0o700);
  await write(join(dir, "app"));
  expect(["app", "app/a.txt"].map(mode)).toEqual(["700", "600"]);
});

test("an empty folder stays the one that it is", async () => {
  mkdirSync(join(dir, "app"));
  symlinkSync("app", join(dir, "link"));
  const { ino } = statSync(join(dir, "app"));
  const { folder, undo } = await write(join(dir, "link"));
  expect(folder).toBe(join(dir, "app"));
  expect(filesIn(folder)).toEqual(EXPECTED);
  expect(statSync(folder).ino).toBe(ino);
  await undo();
  expect(readdirSync(folder)).toEqual([]);
});

test("what is there stays untouched", async () => {
  mkdirSync(join(dir, "full"));
  writeFileSync(join(dir, "full/mine"), "mine");
  writeFileSync(join(dir, "file"), "");
  symlinkSync("loop", join(dir, "loop"));
  for (const [path, code, message] of [
    ["full", "folder-taken", "it is not empty"],
    ["file", "folder-taken", "it is not a folder"],
    ["file/x", "invalid-path", "a part of it is not a folder"],
    ["gone/x", "invalid-path", "there is no such folder"],
    ["loop", "invalid-path", "it is a link to itself"],
  ] as const)
    await expect(write(join(dir, path)), path).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  expect(filesIn(join(dir, "full"))).toEqual({ mine: "mine" });
  expect(readdirSync(dir).sort()).toEqual(["file", "full", "loop"]);
});

test("of two at once one wins, and the other leaves nothing", async () => {
  const path = await checkNewFolder(join(dir, "app"));
  const results = await Promise.allSettled([writeFolder(path, FILES), writeFolder(path, FILES)]);
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(results.find((each) => each.status === "rejected")?.reason).toMatchObject({ code: "folder-taken" });
  expect(readdirSync(dir)).toEqual(["app"]);
  expect(filesIn(path)).toEqual(EXPECTED);
});
