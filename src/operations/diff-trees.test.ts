import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Tree } from "../domain/code.ts";
import { diffTrees } from "./diff-trees.ts";

const contents = new Map<string, Buffer>();

function tree(name: string, files: Record<string, string | Buffer>, executable: string[] = []): Tree {
  const list = Object.entries(files).map(([path, content]) => {
    const bytes = Buffer.from(content as string);
    contents.set(`${name}:${path}`, bytes);
    const hash = createHash("sha256").update(bytes).digest("hex");
    return { path, bytes: bytes.length, hash, executable: executable.includes(path) };
  });
  return { hash: name, files: list, bytes: 0 };
}

const read = async (name: string, path: string): Promise<Buffer> =>
  contents.get(`${name}:${path}`) ?? Buffer.from("there is no such content");

test("tells what was added, removed and changed, with its lines", async () => {
  const older = tree("1", { "main.py": "a\nb\nc\n", "old.txt": "x\n", "same.txt": "s" });
  const newer = tree("2", { "main.py": "a\nB\nc\n", "new.txt": "y\n", "same.txt": "s" });
  const changes = await diffTrees(older, newer, read);
  expect(changes.map(({ path, change }) => [path, change])).toEqual([
    ["main.py", "changed"],
    ["new.txt", "added"],
    ["old.txt", "removed"],
  ]);
  expect(changes[0]?.diff).toContain("--- a/main.py\n+++ b/main.py\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n");
  expect(changes[1]?.diff).toContain("--- /dev/null\n+++ b/new.txt");
  expect(changes[2]?.diff).toContain("-x\n");
});

test("shows no lines of what is no text, or very long", async () => {
  const older = tree("3", {
    "logo.png": Buffer.from([1, 0, 2]),
    "bad.txt": Buffer.from([0xff, 0xfe]),
    big: "a",
  });
  const newer = tree("4", {
    "logo.png": Buffer.from([1, 0, 3]),
    "bad.txt": Buffer.from([0xff]),
    big: "b".repeat(600_000),
  });
  for (const { diff } of await diffTrees(older, newer, read)) expect(diff).toBeNull();
});

test("a file that became executable has changed; all of a first tree is new", async () => {
  const older = tree("5", { "run.sh": "x" });
  const newer = tree("6", { "run.sh": "x" }, ["run.sh"]);
  expect((await diffTrees(older, newer, read)).map(({ change }) => change)).toEqual(["changed"]);
  expect((await diffTrees(null, newer, read)).map(({ change }) => change)).toEqual(["added"]);
});
