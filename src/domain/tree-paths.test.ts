// What may be the path of a file in a tree, and what may stand beside it.
import { posix } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTreePaths, treePathProblem } from "./tree-paths.ts";

test.each([
  "main.py",
  "a/b/c.txt",
  ".env",
  "...",
  "a..b",
  "-rf",
  "__proto__",
  "con",
  "name with spaces .py",
  "日本語/ファイル.py",
  "x".repeat(255),
  Array.from({ length: 64 }, () => "a").join("/"),
])("%s is a path", (path) => {
  expect(treePathProblem(path)).toBeNull();
});

test.each([
  ["", "empty"],
  ["/etc/passwd", "absolute"],
  ["//a", "absolute"],
  ["../x", '".."'],
  ["a/../b", '".."'],
  ["..", '".."'],
  ["./a", '"."'],
  ["a/.", '"."'],
  ["a//b", "part"],
  ["a/", "part"],
  ["a\\b", "backslash"],
  ["a\0b", "control"],
  ["a\nb", "control"],
  ["\u001b[2J", "control"],
  ["a\u0085b", "control"],
  ["a\ud800", "Unicode"],
  ["x".repeat(256), "255 bytes"],
  ["é".repeat(128), "255 bytes"],
  [Array.from({ length: 30 }, () => "x".repeat(200)).join("/"), "4096 bytes"],
  [Array.from({ length: 65 }, () => "a").join("/"), "64 folders"],
])("%j is none: %s", (path, reason) => {
  expect(treePathProblem(path)).toContain(reason);
});

test("every accepted path stays where it is", () => {
  const part = fc.oneof(
    fc.constantFrom(".", "..", "", "...", "a", "A", "\\", "\0", "C:", "~", " ", "\u200b"),
    fc.string({ unit: "binary", maxLength: 6 }),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const path = parts.join("/");
      if (treePathProblem(path) !== null) return;
      expect(posix.normalize(path)).toBe(path);
      expect(posix.resolve("/base", path)).toBe(`/base/${path}`);
      expect(Buffer.from(path).toString()).toBe(path);
    }),
    { numRuns: 3_000 },
  );
});

describe("side by side", () => {
  const clash = (...list: string[]): string | null => {
    const paths = createTreePaths();
    return list.map((path) => paths.add(path)).find((reason) => reason !== null) ?? null;
  };

  test.each([
    [["a", "a"], "twice"],
    [["a", "a/b"], '"a" is a file'],
    [["a/b/c", "a/b"], 'holds "a/b/c"'],
    [["A/b/c", "a"], 'holds "A/b/c"'],
    [["README.md", "readme.md"], '"README.md" only in case'],
    [["Lib/a.py", "lib/A.py"], '"Lib/a.py"'],
    [["é.py".normalize("NFC"), "é.py".normalize("NFD")], "only in case or in how"],
    [["straße", "STRASSE"], "only in case"],
    [["ς", "Σ"], "only in case"],
  ])("%j: %s", (list, reason) => {
    expect(clash(...list)).toContain(reason);
  });

  test("what differs goes together, and a refused path changes nothing", () => {
    expect(clash("a", "ab", "b/a", "b/b", "B/c", "__proto__/x", "constructor", "e", "é")).toBeNull();
    const paths = createTreePaths();
    expect(paths.add("a/../b")).not.toBeNull();
    expect(paths.add("a")).toBeNull();
    expect(paths.add("a/b")).not.toBeNull();
    expect(paths.add("b")).toBeNull();
  });
});
