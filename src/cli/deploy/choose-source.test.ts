import { expect, test } from "vitest";
import { chooseSource } from "./choose-source.ts";

const nothing = {
  app: undefined,
  zip: undefined,
  git: undefined,
  path: undefined,
  name: undefined,
  subfolder: undefined,
  gitUser: undefined,
  gitKey: undefined,
};
const at = { cwd: "/tmp" };

test.each([
  [{}, { type: "folder", path: "/tmp" }],
  [{ name: "x" }, { type: "folder", path: "/tmp" }],
  [{ app: "notes" }, { type: "own", app: "notes" }],
  [
    { app: "notes", path: "/" },
    { type: "folder", path: "/" },
  ],
  [{ path: ".." }, { type: "folder", path: "/" }],
  [
    { app: "notes", zip: "-" },
    { type: "zip", file: "-" },
  ],
  [
    { name: "x", zip: "-" },
    { type: "zip", file: "-" },
  ],
  [
    { git: "a#b", gitUser: "me", subfolder: "x" },
    { type: "git", address: "a#b" },
  ],
])("%j means %j", (given, chosen) => {
  expect(chooseSource({ ...nothing, ...given }, at)).toEqual(chosen);
});

test.each([
  [{ zip: "a", path: "b" }, "path"],
  [{ git: "a", zip: "b" }, "path"],
  [{ app: "notes", name: "x" }, "name"],
  [{ path: ".", subfolder: "x" }, "subfolder"],
  [{ zip: "a", gitUser: "me" }, "git"],
  [{ app: "notes", gitKey: "key" }, "git"],
  [{ zip: "-" }, "name"],
])("%j does not go together", (given, field) => {
  expect(() => chooseSource({ ...nothing, ...given }, at)).toThrow(
    expect.objectContaining({ kind: "usage", facts: expect.objectContaining({ field }) }),
  );
});
