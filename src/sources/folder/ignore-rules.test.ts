// The rules leave out what git leaves out.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asOfRoot, type IgnoreRules, rulesOf } from "./ignore-rules.ts";

const NAMES = ["a", "b", "foo", "x y", "[z]", "*s", "#h", "!n", ".env", "a.log", "b.txt"];
const LINES = [
  ..."a /a a/ /a/ * !a !b/ *.log !*.log foo/* !foo/a **/a a/** /**/b a/b [z] ? [ab] !*/ /foo/ ** foo/**/a".split(
    " ",
  ),
  ...[
    "x y",
    "x\\ y",
    "\\[z\\]",
    "\\*s",
    "# c",
    "\\#h",
    "\\!n",
    "",
    "/",
    "b.*",
    ".env",
    "!.env",
    "a ",
    "a\\ ",
    "!/a",
  ],
];

let repository: string;
beforeAll(() => {
  repository = mkdtempSync(join(tmpdir(), "gantry-git-"));
  execFileSync("git", ["init", "-q", "--bare", repository]);
});
afterAll(() => rmSync(repository, { recursive: true }));

/** What git would add. */
const untracked = (root: string): string[] => {
  const where = [
    `--git-dir=${repository}`,
    `--work-tree=${root}`,
    "-c",
    "core.excludesFile=",
    "-c",
    "core.bare=false",
  ];
  const output = execFileSync("git", [...where, "ls-files", "-zo", "--exclude-standard"], { cwd: root });
  return output.toString().split("\0").filter(Boolean);
};

test("as git, with nested files and negation", async () => {
  const folder = fc.array(fc.constantFrom("a", "b", "[z]"), { maxLength: 3 }).map((parts) => parts.join("/"));
  const path = fc.tuple(folder, fc.constantFrom(...NAMES)).map((parts) => join(...parts));
  const lines = fc.array(fc.constantFrom(...LINES), { minLength: 1, maxLength: 4 });
  const files = fc.tuple(
    fc.array(path, { minLength: 10, maxLength: 25 }),
    lines,
    fc.array(fc.tuple(folder, lines), { maxLength: 3 }),
  );
  await fc.assert(
    fc.asyncProperty(files, async ([paths, outer, inner]) => {
      const root = mkdtempSync(join(tmpdir(), "gantry-ignore-"));
      try {
        for (const each of paths) write(root, each, "");
        for (const [folder, rules] of inner) write(root, join(folder, ".gitignore"), rules.join("\n"));
        write(root, ".gitignore", outer.join("\n"));
        expect((await kept(root, "", await rulesOf(root))).sort()).toEqual(untracked(root).sort());
      } finally {
        rmSync(root, { recursive: true });
      }
    }),
    { numRuns: 80 },
  );
});

test.each([
  ["x", "a/b", ["/a/b/**/x"]],
  ["/x", "a", ["/a/x"]],
  ["x/y", "a", ["/a/x/y"]],
  ["!x/", "a", ["!/a/**/x/"]],
  ["x", "[a] *", ["/\\[a\\]\\ \\*/**/x"]],
  ["x", "", ["x"]],
  ["# x", "a", []],
  ["  ", "a", []],
  ["/", "a", []],
])("%j in %j is %j in the root", (line, folder, expected) => {
  expect(asOfRoot(line, folder)).toEqual(expected);
});

/** Where a file or folder of that name is there already, nothing. */
function write(root: string, path: string, text: string): void {
  try {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  } catch {}
}

async function kept(root: string, folder: string, rules: IgnoreRules): Promise<string[]> {
  const found: string[] = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name === ".git" || rules.ignores(path, entry.isDirectory())) continue;
    if (entry.isDirectory()) found.push(...(await kept(root, path, await rules.within(path))));
    else found.push(path);
  }
  return found;
}
