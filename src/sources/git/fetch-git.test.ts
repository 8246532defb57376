import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { gitBed } from "../../../test/helpers/git-bed.ts";
import { type GitRepository, gitRepository } from "../../../test/helpers/git-repository.ts";
import { until } from "../../../test/helpers/until.ts";
import { createGitSource } from "./fetch-git.ts";

/** Allowed by git, and much to a shell. */
const SHELL_WORDS = "feature/x;$(touch$IFS'pwned')`id`&|\"<>";

let bed: ReturnType<typeof gitBed>;
beforeEach(() => {
  bed = gitBed();
});
afterEach(() => {
  expect(bed.left()).toEqual([]);
  bed.end();
});

describe("a repository with history", () => {
  let repo: GitRepository;
  let [first, second, third] = ["", "", ""];
  beforeAll(() => {
    repo = gitRepository();
    first = repo.commit({ "app.py": "one", "run.sh": "#!/bin/sh" }, "The first\n\nwith more");
    repo.git(["tag", "v1.0"]);
    repo.git(["tag", "-a", "v1.0-signed", "-m", "a tag of its own"]);
    second = repo.commit(
      { "app.py": "two", "sub/deep/ä b.txt": "umlaut" },
      "\n  Second \u001b[31mred\u202e\n",
    );
    repo.git(["branch", SHELL_WORDS]);
    chmodSync(join(repo.work, "run.sh"), 0o755);
    third = repo.commit({ "app.py": "three" }, "Third");
    repo.git(["branch", "both"]);
    repo.git(["tag", "both", first]);
    repo.git(["tag", "a-file", repo.blob("text")]);
    repo.git(["update-ref", "refs/pull/7/head", second]);
  });
  afterAll(() => repo.end());

  test("gives the default branch without a ref, with names, modes and contents", async () => {
    const { commit, message, files } = await bed.fetch({ url: repo.url });
    expect({ commit, message }).toEqual({ commit: third, message: "Third" });
    expect(files).toEqual({ "app.py": "three", "run.sh*": "#!/bin/sh", "sub/deep/ä b.txt": "umlaut" });
  });

  test.each([
    ["a tag", "v1.0", () => first, "one"],
    ["a tag object", "v1.0-signed", () => first, "one"],
    ["a branch before a tag of that name", "both", () => third, "three"],
    ["a branch of shell words", SHELL_WORDS, () => second, "two"],
    ["a full ref", "refs/pull/7/head", () => second, "two"],
    ["HEAD", "HEAD", () => third, "three"],
  ])("gives %s", async (_what, ref, commit, text) => {
    const got = await bed.fetch({ url: repo.dir, ref });
    expect([got.commit, got.files["app.py"]]).toEqual([commit(), text]);
  });

  test.each([
    ["full", (commit: string) => commit],
    ["upper-case", (commit: string) => commit.toUpperCase()],
    ["7 digits", (commit: string) => commit.slice(0, 7)],
    ["12 digits", (commit: string) => commit.slice(0, 12)],
  ])("gives an old commit by its name: %s", async (_what, name) => {
    const got = await bed.fetch({ url: repo.url, ref: name(second) });
    expect([got.commit, got.files["app.py"]]).toEqual([second, "two"]);
    expect(got.message).toBe("Second red\\u{202e}");
  });

  test("says which ref is not there, and which are near", async () => {
    await expect(bed.fetch({ url: repo.url, ref: "v1.1" })).rejects.toMatchObject({
      code: "git-failed",
      message: 'The repository can\'t be fetched: it has no branch, tag or commit "v1.1"',
      hint: expect.stringMatching(/^Did you mean v1\.0[,?]/),
    });
    for (const ref of ["0123456", "0123456789012345678901234567890123456789"])
      await expect(bed.fetch({ url: repo.url, ref })).rejects.toMatchObject({
        message: expect.stringContaining("has no branch, tag or commit"),
      });
    await expect(bed.fetch({ url: repo.url, ref: "a-file" })).rejects.toMatchObject({
      message: expect.stringContaining('"a-file" is no commit'),
    });
  });

  test("brings one commit, not the history", async () => {
    await bed.fetch({ url: repo.url });
    expect(bed.lines.join("\n")).toMatch(/Receiving objects: 100% \(7\/7\)/);
  });
});

describe("what is no repository", () => {
  test.each([
    ["nothing", (top: string) => join(top, "nothing")],
    ["a folder without one", (top: string) => top],
    ["a file", (top: string) => join(top, "file")],
  ])("is said: %s", async (_what, path) => {
    writeFileSync(join(bed.home, "file"), "text");
    await expect(bed.fetch({ url: path(bed.home) })).rejects.toMatchObject({
      message: "The repository can't be fetched: there is no Git repository at this address",
    });
  });

  test("also when it is empty", async () => {
    const repo = gitRepository();
    try {
      await expect(bed.fetch({ url: repo.url })).rejects.toMatchObject({
        message: "The repository can't be fetched: it is empty",
      });
    } finally {
      repo.end();
    }
  });

  test("nor is a host that nobody knows, or that takes no connection", async () => {
    await expect(bed.fetch({ url: "https://nobody.invalid/x.git" })).rejects.toMatchObject({
      message:
        "The repository can't be fetched: there is no host nobody.invalid, or its name can't be looked up",
    });
    await expect(bed.fetch({ url: "http://127.0.0.1:1/x.git" })).rejects.toMatchObject({
      message: "The repository can't be fetched: the host takes no connection",
    });
  });

  test("nor can anything be fetched without git", async () => {
    const path = process.env.PATH;
    const empty = join(bed.home, "empty");
    mkdirSync(empty);
    // The lifeline of commands needs it.
    symlinkSync("/bin/cat", join(empty, "cat"));
    process.env.PATH = empty;
    try {
      await expect(bed.fetch({ url: "/tmp" })).rejects.toMatchObject({
        message: "The repository can't be fetched: git is not installed",
        hint: "Install it: apt-get install git",
      });
    } finally {
      process.env.PATH = path;
    }
  });
});

test("takes shell characters in a folder's name for what they are", async () => {
  const repo = gitRepository();
  repo.commit({ "app.py": "x" });
  const url = join(bed.home, 'it\'s $(touch pwned) `id`; "x" & #1');
  symlinkSync(repo.dir, url);
  expect((await bed.fetch({ url })).files).toEqual({ "app.py": "x" });
  repo.end();
});

test("takes 2,000 files", async () => {
  const repo = gitRepository();
  const wanted: Record<string, string> = {};
  for (let i = 0; i < 2_000; i++) wanted[`folder${i % 40}/file${i}.txt`] = `${"x".repeat(i)}\n${i}`;
  repo.commit(wanted);
  const { files } = await bed.fetch({ url: repo.url });
  expect(files).toEqual(wanted);
  repo.end();
});

test("takes large and binary files as they are", async () => {
  const repo = gitRepository();
  const large = Buffer.alloc(9 * 2 ** 20, "0123456789abcdef\n");
  repo.commit({ large, small: "a\r\nb\0c", empty: "", ".gitattributes": "* text=auto eol=crlf\n" });
  const { files } = await bed.fetch({ url: repo.url });
  expect(files).toEqual({
    large: large.toString(),
    small: "a\r\nb\0c",
    empty: "",
    ".gitattributes": "* text=auto eol=crlf\n",
  });
  repo.end();
});

test("what a killed daemon left is removed at the next start", async () => {
  const left = join(bed.home, "git", "fetches", "0123", "repository");
  mkdirSync(left, { recursive: true });
  writeFileSync(join(left, "pack"), "x");
  createGitSource({ home: bed.home });
  await until("the folder to go", () => bed.left().length === 0);
});
