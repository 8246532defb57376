import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { diagnosticText, inReadingOrder } from "../../domain/diagnostic.ts";
import type { Detection } from "../../domain/toolchain.ts";
import { folderInMemory } from "../../lib/files-in-memory.ts";
import { createPython } from "./index.ts";

const python = createPython();
const APP = "from fastapi import FastAPI\n\napp = FastAPI()\n";
let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "gantry-check-"));
});
afterAll(async () => {
  await python.close?.();
  rmSync(root, { recursive: true, force: true });
});

interface Hinted {
  run?: string;
  entry?: string;
}

/** `! main.py:3:8: …` for errors, `? …` for warnings. */
async function check(files: Record<string, string>, given: Hinted = {}): Promise<string[]> {
  const hints = { run: null, entry: null, ...given };
  const folder = folderInMemory(
    new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
  );
  try {
    const detection = await python.detect(folder.dir, hints);
    const found = await python.check?.({ dir: folder.dir, detection, hints, envsDir: join(root, "envs") });
    return inReadingOrder(found ?? []).map(
      (one) => `${one.severity === "error" ? "!" : "?"} ${diagnosticText(one)}`,
    );
  } finally {
    folder.remove();
  }
}

describe("syntax", () => {
  test("of the entry and of what it imports is an error; anything else is a warning", async () => {
    expect(await check({ "main.py": "def f(:\n" })).toEqual(["! main.py:1:7: invalid syntax"]);
    const files = { "main.py": `import shop.models\n${APP}`, "shop/__init__.py": "" };
    expect(await check({ ...files, "shop/models.py": "x = (\n", "scratch.py": "x = (\n" })).toEqual([
      "? scratch.py:1:5: '(' was never closed",
      "! shop/models.py:1:5: '(' was never closed",
    ]);
  });

  test("of a file that would be meant if it could be read is an error: nothing else is deployed in its place", async () => {
    expect(await check({ "main.py": "x = (\n", "scratch.py": APP })).toEqual([
      "! main.py:1:5: '(' was never closed",
    ]);
    expect(await check({ "main.py": "x = (\n", "scratch.py": APP }, { entry: "scratch:app" })).toEqual([
      "? main.py:1:5: '(' was never closed",
    ]);
  });

  test("warnings of the compiler are warnings", async () => {
    const [text] = await check({ "main.py": `${APP}\nif app is 1:\n    pass\n` });
    expect(text).toMatch(/^\? main\.py:5: "is" with a literal/);
  });

  test("of the files of requirements", async () => {
    const lines =
      "fastapi  # web\n-r more.txt\nhttps://x.test/a.whl\n./local\nname[extra]>=1 ; python_version > '3'\n= 3\npyyaml==6 \\\n  --hash=sha256:00\n";
    expect(await check({ "main.py": APP, "requirements.txt": lines })).toEqual([
      '! requirements.txt:6:1: "= 3" is no requirement',
    ]);
    const [broken, ...none] = await check({ "main.py": APP, "pyproject.toml": "[project]\nname = \n" });
    expect([broken, none]).toEqual([expect.stringMatching(/^! pyproject\.toml:2:\d+: /), []]);
  });
});

describe("imports", () => {
  test("are answered by Python, by the project and by requirements, also under other names", async () => {
    const modules =
      "yaml PIL bs4 dotenv jwt sklearn cv2 starlette pydantic numpy dateutil google click jose attr";
    const main = `${APP}${modules
      .split(" ")
      .map((name) => `import ${name}`)
      .join("\n")}\nimport os, helper\n`;
    const requirements =
      "fastapi\nPyYAML\npillow\nbeautifulsoup4\npython-dotenv\nPyJWT\nscikit-learn\nopencv-python\npandas\nprotobuf\nuvicorn\npython-jose\nattrs";
    expect(await check({ "main.py": main, "helper.py": "", "requirements.txt": requirements })).toEqual([]);
  });

  test("without an answer are warnings while nothing is installed, and none where nobody can tell", async () => {
    const main = `${APP}import yaml\n`;
    expect(await check({ "main.py": main, "requirements.txt": "fastapi\n" })).toEqual([
      "? main.py:4:8: yaml is imported, but requirements.txt does not seem to ask for it",
    ]);
    expect(await check({ "main.py": main })).toEqual([]);
    for (const line of ["git+https://x.test/y.git", "-e .", "./local"])
      expect(await check({ "main.py": main, "requirements.txt": `fastapi\n${line}\n` })).toEqual([]);
  });

  test("are read from the environment where it is made: then what is missing is an error", async () => {
    const requirements = "fastapi\n";
    const dir = join(root, "made");
    mkdirSync(dir);
    writeFileSync(join(dir, "main.py"), APP);
    writeFileSync(join(dir, "requirements.txt"), requirements);
    const hints = { run: null, entry: null };
    const detection = (await python.detect(dir, hints)) as Detection;
    const order = { dir, detection, hints, shell: false, args: [], onProgress: () => {} };
    const places = { envsDir: join(root, "envs"), toolsDir: join(root, "tools"), logFile: join(root, "log") };
    await python.build({ ...order, ...places });
    const main = `${APP}import yaml, starlette, annotated_types\n`;
    const files = { "requirements.txt": requirements };
    expect(await check({ ...files, "main.py": main })).toEqual([
      "! main.py:4:8: there is no module yaml, neither in the project nor in what requirements.txt installs",
    ]);
    const doubts = [
      "try:\n    import yaml\nexcept ImportError:\n    yaml = None\n",
      "import sys\nsys.path.insert(0, '/x')\nimport yaml\n",
      "def f():\n    import yaml\n",
    ];
    for (const doubt of doubts)
      expect((await check({ ...files, "main.py": APP + doubt })).filter((text) => text[0] === "!")).toEqual(
        [],
      );
    const run = { run: "uvicorn main:app" };
    expect((await check({ ...files, "main.py": main }, run)).map((text) => text[0])).toEqual(["?"]);
  });

  test("of modules that the project lacks", async () => {
    const files = { "main.py": `from shop.gone import x\n${APP}`, "shop/__init__.py": "" };
    expect(await check(files)).toEqual(["! main.py:1:1: there is no module shop.gone in the project"]);
    const [relative] = await check({ "main.py": `from .models import x\n${APP}`, "models.py": "x = 1\n" });
    expect(relative).toMatch(/^! main\.py:1:1: \.models can't be imported: this file is in no package/);
  });
});

describe("the entry", () => {
  test("names a variable that the module has", async () => {
    expect(await check({ "main.py": APP }, { entry: "main:nope" })).toEqual([
      "! main.py: main defines no nope; it has main:app",
    ]);
    expect(await check({ "main.py": "from other import *\n" }, { entry: "main:app" })).toEqual([]);
    expect(await check({ "main.py": "api = make()\n" }, { entry: "main:api" })).toEqual([]);
    expect(await check({ "main.py": APP }, { run: "uvicorn main:nope" })).toEqual([
      "? main.py: main defines no nope; it has main:app",
    ]);
  });

  test("is told when there are several", async () => {
    const [text] = await check({ "main.py": APP, "admin.py": APP });
    expect(text).toMatch(
      /^\? there are several applications: main:app is taken, beside it there is admin:app/,
    );
    expect(await check({ "main.py": `import admin\n${APP}`, "admin.py": APP })).toEqual([]);
    expect(await check({ "main.py": APP, "admin.py": APP }, { entry: "main:app" })).toEqual([]);
  });
});
