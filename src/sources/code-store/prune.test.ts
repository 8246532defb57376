// Removing code that nobody needs takes nothing from those who still write or run.
import { chmodSync, existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CodeBed, codeBed, filesIn, LIMITS } from "../../../test/helpers/code-bed.ts";

let bed: CodeBed;
beforeEach(() => {
  bed = codeBed();
});
afterEach(() => bed.end());

test("only what is kept stays: trees, working copies, contents", async () => {
  const first = await bed.keep({ "main.py": "1", shared: "both" });
  const second = await bed.keep({ "main.py": "2", shared: "both" });
  const folders = [await bed.store.checkOut("app", first.hash), await bed.store.checkOut("app", second.hash)];
  const neighbour = await bed.keep({ "main.py": "1" }, "other");
  writeFileSync(join(bed.root(), "objects", "stranger"), "");
  await bed.store.prune("app", new Set([second.hash]));
  expect(bed.names("trees")).toEqual([`${second.hash}.json`]);
  expect(folders.map((folder) => existsSync(folder))).toEqual([false, true]);
  expect(bed.objects()).toHaveLength(2);
  expect(bed.names("incoming")).toEqual([]);
  await expect(bed.store.checkOut("app", first.hash)).rejects.toMatchObject({ code: "code-missing" });
  expect(String(await bed.store.read("app", second.hash, "shared"))).toBe("both");
  expect(String(await bed.store.read("other", neighbour.hash, "main.py"))).toBe("1");
  await bed.store.prune("nobody", new Set());
});

test("an open writer loses nothing, neither what is new nor what it counts on", async () => {
  const old = await bed.keep({ a: "old a", b: "old b", c: "old c" });
  const writer = bed.store.begin("app", LIMITS);
  await writer.add("a", "old a");
  await writer.add("new", "new");
  const [b] = old.files.filter(({ path }) => path === "b");
  if (b !== undefined) await writer.include(b);
  const slow = new Readable({ read() {} });
  const adding = writer.add("slow", slow);
  await bed.store.prune("app", new Set());
  expect(bed.names("trees")).toEqual([]);
  expect(bed.objects()).toHaveLength(2);
  slow.push("late");
  slow.push(null);
  await adding;
  const tree = await writer.seal();
  expect(filesIn(await bed.store.checkOut("app", tree.hash))).toEqual({
    a: "old a",
    b: "old b",
    new: "new",
    slow: "late",
  });
  await bed.store.prune("app", new Set());
  expect([bed.objects(), bed.names("work"), bed.names("incoming")]).toEqual([[], [], []]);
});

test("writers and prunes at the same time: every sealed tree that is kept is whole", async () => {
  const texts = Array.from({ length: 12 }, (_, index) => `content ${index}`);
  const kept = new Set<string>();
  const writing = async (seed: number) => {
    for (let round = 0; round < 12; round += 1) {
      const files = texts.filter((_, index) => (index * 7 + seed + round * 3) % 4 !== 0);
      const writer = fresh.store.begin("app", LIMITS);
      for (const text of files) await writer.add(text, text);
      const tree = await writer.seal();
      if (round % 3 === 0) kept.add(tree.hash);
      const list = await fresh.store.tree("app", tree.hash);
      for (const { path } of list.files)
        expect(String(await fresh.store.read("app", tree.hash, path))).toBe(path);
      expect(Object.keys(filesIn(await fresh.store.checkOut("app", tree.hash)))).toHaveLength(files.length);
    }
  };
  const fresh = codeBed(bed.home, 60_000);
  let over = false;
  const pruning = async () => {
    while (!over) await fresh.store.prune("app", kept);
  };
  const pruner = pruning();
  await Promise.all([1, 2, 3].map(writing));
  over = true;
  await pruner;
  await codeBed(bed.home).store.prune("app", kept);
  expect(bed.names("trees")).toHaveLength(kept.size);
  for (const hash of kept) await bed.store.checkOut("app", hash);
});

test("a new tree that no prune was told of yet stays; once it was told, it goes when it is kept no longer", async () => {
  const { keep, store, names } = codeBed(bed.home, 60_000);
  const { hash } = await keep({ a: "1" });
  await store.checkOut("app", hash);
  await store.prune("app", new Set());
  expect([names("trees").length, names("work").length]).toEqual([1, 1]);
  await store.prune("app", new Set([hash]));
  await store.prune("app", new Set());
  expect([names("trees").length, names("work").length]).toEqual([0, 0]);
});

test("what killed writers left goes after an hour", async () => {
  await bed.keep({ a: "1" });
  for (const [name, age] of [
    ["old", 3_700],
    ["young", 3_500],
  ] as const) {
    const folder = join(bed.root(), "incoming", name);
    mkdirSync(folder);
    writeFileSync(join(folder, "0"), "half");
    const at = Date.now() / 1_000 - age;
    utimesSync(folder, at, at);
  }
  await bed.store.prune("app", new Set());
  expect(bed.names("incoming")).toEqual(["young"]);
});

test("a damaged list, and a working copy that the app made read-only, stop nothing", async () => {
  const { hash } = await bed.keep({ a: "1", "b/c": "2" });
  const folder = await bed.store.checkOut("app", hash);
  chmodSync(join(folder, "b"), 0);
  chmodSync(folder, 0o500);
  writeFileSync(join(bed.root(), "trees", `${"1".repeat(64)}.json`), "[");
  await bed.store.prune("app", new Set(["1".repeat(64)]));
  expect([bed.objects(), bed.names("work")]).toEqual([[], []]);
  for (const name of bed.names("incoming")) chmodSync(join(bed.root(), "incoming", name, "b"), 0o700);
  expect(readdirSync(bed.root()).sort()).toEqual(["incoming", "objects", "trees", "work"]);
});
