// What a template may say about itself, and the gantry.yaml that comes of it.
import { expect, test } from "vitest";
import { configDefaults } from "./config-patch.ts";
import { GantryError } from "./errors.ts";
import { parseManifest } from "./manifest.ts";
import { parseTemplate } from "./template-file.ts";

const DEFAULTS = configDefaults({
  restartDelayMs: 200,
  maxRestarts: 10,
  restartWindowS: 60,
  healthIntervalS: 10,
});
const parse = (description: string | null, manifest: string | null = null) =>
  parseTemplate({ description, manifest, name: "mine", place: "mine" }, { domain: "localhost" });
const read = (text: string) => parseManifest(text, "gantry.yaml", DEFAULTS);

test("without a word it is called as its folder", () => {
  const { manifest, ...rest } = parse(null);
  expect(rest).toEqual({
    title: "mine",
    description: "",
    tags: [],
    placeholders: [],
    secrets: {},
    patch: { config: {} },
  });
  expect(manifest("blog")).toBe("name: blog\n");
});

test("all that it can say", () => {
  const template = parse(`
title: A service
description: What it is
tags: [python, api]
placeholders: [README.md]
secrets: { KEY: random, PASSWORD: password }
config:
  # asked every ten seconds
  health: { path: /health }
  env: { A: "no", B: "1" } # two
`);
  expect(template).toMatchObject({
    title: "A service",
    tags: ["python", "api"],
    placeholders: ["README.md"],
    secrets: { KEY: "random", PASSWORD: "password" },
    patch: { config: { env: { A: "no", B: "1" } } },
  });
  const text = template.manifest("blog");
  expect(text).toBe(
    'name: blog\n# asked every ten seconds\nhealth: { path: /health }\nenv: { A: "no", B: "1" } # two\n',
  );
  expect(read(text)).toMatchObject([{ name: "blog", config: { env: { A: "no", B: "1" } } }]);
});

test.each([
  ["on top", "name: old\npath: .\nport: none\n"],
  ["under apps", "apps:\n  old:\n    port: none\n"],
  ["in one line", "{ apps: { old: { path: ./, port: none } } }"],
])("a gantry.yaml takes the place of config: %s", (_, manifest) => {
  const template = parse(null, manifest);
  expect(template.patch).toEqual({ config: { port: "none" } });
  const [app] = read(template.manifest("blog"));
  expect(app).toMatchObject({ name: "blog", path: ".", config: { port: "none" } });
});

test("an app with nothing said is one, too", () => {
  expect(parse(null, "apps:\n  old:\n").manifest("blog")).toBe("name: blog\n");
});

test.each([
  ["titel: x", 'mine/template.yaml:1:1: unknown key "titel"', "Did you mean title?"],
  ["config: { helth: /x }", 'mine/template.yaml:1:11: unknown key "helth"', "Did you mean health?"],
  ["config: { name: x }", "mine/template.yaml:1:11: name is said by whoever makes the app", undefined],
  ["config: { path: ../x }", "mine/template.yaml:1:11: path is said by whoever makes the app", undefined],
  ["secrets: { KEY: secret }", 'mine/template.yaml:1:17: "secret" is not one of random, password', undefined],
  ["secrets: { A-B: random }", "mine/template.yaml:1:12: a secret's name has", undefined],
  ["secrets: [KEY]", "it must be a mapping of names of secrets", undefined],
  ["a: &a [*a]", "mine/template.yaml", undefined],
  ["[]", "it must be a mapping of title", undefined],
  ["", "mine/template.yaml: it is empty", undefined],
])("refuses %j", (text, message, hint) => {
  const error = thrown(() => parse(text));
  expect(error.message).toContain(message);
  if (hint !== undefined) expect(error.hint).toContain(hint);
});

test.each([
  ["apps: { a: {}, b: {} }", null, "it names 2 apps"],
  ["path: ./sub", null, "a template is one app, in the folder of its gantry.yaml"],
  ["port: none", "config: { port: none }", "config stands here and in gantry.yaml"],
])("refuses the gantry.yaml %j", (manifest, description, message) => {
  expect(thrown(() => parse(description, manifest)).message).toContain(message);
});

test("config may repeat what stands elsewhere in the file", () => {
  const text = parse("tags: &t [a]\nconfig: { args: *t }").manifest("blog");
  expect(read(text)).toMatchObject([{ config: { args: ["a"] } }]);
});

function thrown(work: () => unknown): GantryError {
  try {
    work();
  } catch (error) {
    if (error instanceof GantryError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
