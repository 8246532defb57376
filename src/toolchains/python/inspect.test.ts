import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderInMemory } from "../../lib/files-in-memory.ts";
import { createPythonChecker } from "./inspect.ts";
import { findInterpreter } from "./interpreter.ts";

const APP = "from fastapi import FastAPI\n\napp = FastAPI()\n";
const checker = createPythonChecker();
let root = "";
let python = "";
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "gantry-inspect-"));
  python = (await findInterpreter({ requires: null, pinned: null })).any?.path ?? "";
});
afterAll(async () => {
  await checker.close();
  rmSync(root, { recursive: true, force: true });
});

function folder(files: Record<string, string>): string {
  const dir = mkdtempSync(join(root, "code-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(dir, path, ".."), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}

/** The same answer from the disk and from memory. */
async function both(files: Record<string, string>) {
  const memory = folderInMemory(
    new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
  );
  try {
    const found = await checker.check(folder(files), python);
    expect(await checker.check(memory.dir, python)).toEqual(found);
    return found;
  } finally {
    memory.remove();
  }
}

test("what lies in memory is seen as what lies on the disk", async () => {
  const found = await both({
    "backend/api/main.py": `import backend_only\nfrom api import helper\n${APP}`,
    "backend/api/helper.py": "import os\n",
    "backend/requirements.txt": "fastapi\n",
    "setup.cfg": "[options]\ninstall_requires =\n  flask\n",
    "tests/test_it.py": "x = = 1\n",
    "umlaut.py": "# -*- coding: utf-8 -*-\nname = 'ä€🚢'\n",
  });
  expect(found?.apps.map(({ module, base }) => [module, base])).toEqual([["api.main", "backend"]]);
  expect(found?.setup.requires).toEqual(["flask"]);
  expect(found?.errors).toEqual([]);
});

test("errors of the parser and of the compiler have their place, in units of an editor", async () => {
  const found = await both({
    "a.py": "f('🚢ä'))\n",
    "b.py": "def f():\n    pass\nship = '🚢ä'; return 3\n",
    "c.py": "if 1 is 1:\n    pass\n",
    "d.py": "\0",
    "e.py": "def f():\n  x\n\ty\n",
  });
  expect(found?.errors).toEqual([
    expect.objectContaining({ file: "a.py", line: 1, message: "unmatched ')'" }),
    { file: "b.py", line: 3, column: 15, message: "'return' outside function" },
    expect.objectContaining({ file: "d.py", line: 1 }),
    expect.objectContaining({ file: "e.py", line: 3 }),
  ]);
  expect(found?.errors[0]?.column).toBe(9);
  expect(found?.warnings).toEqual([
    { file: "c.py", line: 1, message: expect.stringContaining('"is" with a literal') },
  ]);
});

test("a file that can't be read is the project's all the same", async () => {
  const found = await both({ "main.py": `import database\n${APP}`, "database.py": "def (:\n" });
  expect(found?.files[0]).toMatchObject({ near: ["database.py"], far: ["fastapi"] });
});

test("imports that nobody answers have their place; what may be caught or comes later is not sure", async () => {
  const found = await both({
    "main.py": [
      "import os, nothing.below",
      "from shop.gone import x",
      "from shop import y",
      "from shop.there import z",
      "from .sibling import s",
      "try:\n    import perhaps\nexcept ImportError:\n    perhaps = None",
      "def f():\n    import later",
    ].join("\n"),
    "shop/__init__.py": "",
    "shop/there.py": "from .gone import a\nfrom . import b\n",
    "celery/env.py": "from celery.app import Config\n",
  });
  const missing = Object.fromEntries(found?.files.map(({ file, missing: list }) => [file, list]) ?? []);
  expect(missing["main.py"]).toEqual([
    { module: "nothing.below", line: 1, column: 12, kind: "far", sure: true },
    { module: "shop.gone", line: 2, column: 1, kind: "project", sure: true },
    { module: ".sibling", line: 5, column: 1, kind: "relative", sure: true },
    { module: "later", line: 11, column: 12, kind: "far", sure: false },
  ]);
  expect(missing["shop/there.py"]).toEqual([
    { module: ".gone", line: 1, column: 1, kind: "project", sure: true },
  ]);
  expect(missing["celery/env.py"]).toEqual([]);
});

test("tells what a module defines, or that nobody can tell", async () => {
  const text =
    "import a.b as c, d.e\nclass F: g = 1\nif d:\n    h, (i, *j) = 1, (2, 3)\nfor k in []: pass\ndef m():\n    global n\n    n = 1\n";
  const dir = folder({ "main.py": text, "star.py": "from os import *\n", "broken.py": "(" });
  expect(await checker.namesIn(dir, "main.py", python)).toEqual([..."Fcdhijkmn"]);
  for (const file of ["star.py", "broken.py", "none.py"])
    expect(await checker.namesIn(dir, file, python)).toBeNull();
});

describe("hostile code", () => {
  const hostile: Record<string, string> = {
    "50 MB": `x = 1\n${"#".repeat(50_000_000)}`,
    "brackets in brackets": `x = ${"(".repeat(100_000)}${")".repeat(100_000)}`,
    "signs before signs": `x = ${"-".repeat(500_000)}1`,
    "attributes of attributes": `x = a${".b".repeat(200_000)}`,
    "a long sum": `x = ${"1+".repeat(200_000)}1`,
    "conditions in conditions": `x = ${"1 if 1 else ".repeat(40_000)}1`,
    "strings in strings": `x = ${'f"{'.repeat(50_000)}`,
    "many elements": `x = [${"1,".repeat(240_000)}]`,
    "lambdas in lambdas": `x = ${"lambda:".repeat(70_000)}1`,
    "blocks in blocks": Array.from({ length: 1_500 }, (_, depth) => `${" ".repeat(depth)}if 1:`).join("\n"),
    powers: `x = ${"9**".repeat(5_000)}9`,
  };
  test.each(Object.keys(hostile))("%s: no harm, and the other files are read", async (name) => {
    const dir = folder({ "odd.py": hostile[name] ?? "", "main.py": APP });
    const found = await checker.check(dir, python);
    expect(found === null || found.apps.map(({ module }) => module).includes("main")).toBe(true);
    expect((await checker.check(folder({ "main.py": APP }), python))?.apps).toHaveLength(1);
  });

  test("runs nothing, and needs nothing of the machine's Python but itself", () => {
    const script = join(import.meta.dirname, "inspect_app.py");
    const input = `${JSON.stringify({ files: { "main.py": "import os; os.abort()" }, checked: true })}\n`;
    const result = spawnSync(python, ["-I", "-S", "-B", script], { input, env: {}, encoding: "utf8" });
    expect([result.status, JSON.parse(result.stdout).errors]).toEqual([0, []]);
  });
});
