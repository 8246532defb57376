import { afterAll, expect, test } from "vitest";
import { diagnosticText } from "../../domain/diagnostic.ts";
import { folderInMemory } from "../../lib/files-in-memory.ts";
import { createNode } from "./index.ts";

const node = createNode();
afterAll(() => node.close?.());

async function check(files: Record<string, string>): Promise<string[]> {
  const hints = { run: null, entry: null };
  const folder = folderInMemory(
    new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
  );
  try {
    const detection = await node.detect(folder.dir, hints);
    const found = await node.check?.({ dir: folder.dir, detection, hints, envsDir: "/nowhere" });
    return (found ?? []).map((one) => `${one.severity === "error" ? "!" : "?"} ${diagnosticText(one)}`);
  } finally {
    folder.remove();
  }
}

const MODULE = '{"type": "module", "scripts": {"start": "node server.js"}}';

test("package.json has its place", async () => {
  expect(await check({ "package.json": '{"name": 1,\n  }' })).toEqual([
    expect.stringMatching(/^! package\.json:2:3: /),
  ]);
});

test("ES modules and CommonJS are compiled as far as the entry reaches, and nothing is run", async () => {
  const esm = {
    "package.json": MODULE,
    "server.js": "import a from './a.js';\nawait 1;\nprocess.exit(1);\n",
    "a.js": "export default 1;\nconst ä = ;\n",
    "page.js": "const page = <p/>;\n",
  };
  expect(await check(esm)).toEqual(["! a.js:2:11: Unexpected token ';'"]);
  const commonJs = {
    "server.js": "#!/usr/bin/env node\nconst b = require('./lib');\nif (b) return;\n",
    "lib/index.js": "module.exports = 1;\nfoo bar\n",
  };
  expect(await check(commonJs)).toEqual(["! lib/index.js:2:5: Unexpected identifier 'bar'"]);
  expect(await check({ "server.js": "import fs from 'fs';\nexport default fs;\n" })).toEqual([]);
});

test("what is imported and not there is said", async () => {
  const server =
    "import 'node:fs';\nimport express from 'express';\nimport '@a/b/c';\nimport './gone.js';\nimport './data.json' with { type: 'json' };\n";
  const files = { "package.json": MODULE, "server.js": server, "data.json": "{}" };
  expect(await check(files)).toEqual([
    "? server.js: express is imported, but package.json does not ask for it",
    "? server.js: @a/b is imported, but package.json does not ask for it",
    "? server.js: there is no ./gone.js",
  ]);
  const asked = MODULE.replace("{", '{"dependencies": {"express": "5", "@a/b": "1"}, ');
  expect(await check({ ...files, "package.json": asked })).toEqual(["? server.js: there is no ./gone.js"]);
});

test("hostile code does no harm", async () => {
  const deep = `x = ${"[".repeat(200_000)}`;
  for (const text of [deep, `x = ${"-".repeat(400_000)}1`, "x".repeat(600_000), "\0\uD800"])
    await check({ "package.json": MODULE, "server.js": text });
  expect(await check({ "package.json": MODULE, "server.js": "let a = 1;\n" })).toEqual([]);
});

test("an entry that is missing", async () => {
  const start = '{"scripts": {"start": "node gone.js"}}';
  expect(await check({ "package.json": start })).toEqual(["! there is no gone.js"]);
  const built = '{"scripts": {"start": "node dist/gone.js", "build": "tsc"}}';
  expect(await check({ "package.json": built })).toEqual(["? there is no dist/gone.js"]);
});
