import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Session } from "../session.ts";
import { gitAddress, gitSource, hasPassword } from "./git-source.ts";

const session = (env: Record<string, string> = {}, cwd = "/tmp") =>
  ({ cwd, env, out: { terminal: { asks: false } } }) as unknown as Session;
const source = (git: string, env = {}, more: { gitUser?: string; gitKey?: string } = {}, cwd?: string) =>
  gitSource({ git, gitUser: more.gitUser, gitKey: more.gitKey }, session(env, cwd));

test.each([
  ["https://h/x.git", "https://h/x.git", null],
  ["https://h/x.git#main", "https://h/x.git", "main"],
  ["https://h/x.git#a#b", "https://h/x.git", "a#b"],
  ["https://h/x.git#", "https://h/x.git", null],
  ["git@h:me/x", "git@h:me/x", null],
  [".#v1", "/tmp", "v1"],
  ["../tmp", "/tmp", null],
  ["/tmp", "/tmp", null],
  ["-oProxyCommand=id", "-oProxyCommand=id", null],
  ["ext::sh -c id", "ext::sh -c id", null],
])("%j is %j and %j", (text, url, ref) => {
  expect(gitAddress(text, { cwd: "/tmp" })).toEqual({ url, ref });
});

test.each(["", "nowhere-at-all", "github.com/me/x"])("%j is no folder that is there", (text) => {
  expect(() => gitAddress(text, { cwd: "/tmp" })).toThrow(
    expect.objectContaining({ kind: "invalid", facts: expect.objectContaining({ field: "git" }) }),
  );
});

test("a token of the environment is for the web, and needs no user", async () => {
  const env = { GANTRY_GIT_TOKEN: "t" };
  expect((await source("https://h/x", env)).credential).toEqual({ username: "", password: "t" });
  expect((await source("https://h/x", env, { gitUser: "me" })).credential).toEqual({
    username: "me",
    password: "t",
  });
  expect((await source("git@h:x", env)).credential).toBeNull();
  expect((await source("/tmp", env)).credential).toBeNull();
  expect((await source("https://h/x", { GANTRY_GIT_TOKEN: "" })).credential).toBeNull();
});

test("a key is read from its file, as it is", async () => {
  const dir = mkdtempSync("/tmp/g-key-");
  onTestFinished(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, "key"), "KEY\n");
  expect((await source("git@h:x", {}, { gitKey: "key" }, dir)).credential).toEqual({ privateKey: "KEY\n" });
  await expect(source("git@h:x", {}, { gitKey: "none" }, dir)).rejects.toMatchObject({ kind: "invalid" });
  await expect(source("git@h:x", {}, { gitKey: "key", gitUser: "me" }, dir)).rejects.toMatchObject({
    kind: "usage",
  });
});

test.each([
  ["https://me:secret@h/x", true],
  ["https://token@h/x", true],
  ["HTTP://a:b@h", true],
  ["https://h/x@y", false],
  ["git@h:x", false],
  ["ssh://git@h/x", false],
])("a password in %j: %j", (address, has) => {
  expect(hasPassword(address)).toBe(has);
});
