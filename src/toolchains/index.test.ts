import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { toolchainBench } from "../../test/contracts/toolchain.ts";
import { chooseDetection } from "../domain/choose-detection.ts";
import type { Detection, Hints } from "../domain/toolchain.ts";
import { createToolchains } from "./index.ts";

const bench = toolchainBench();
const toolchains = createToolchains();
const NONE = { entry: null, run: null };

/** Writes files into a folder of their own. */
function folder(files: Record<string, string>): string {
  const dir = bench.copy("static-site");
  const root = join(dir, "own");
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, name, ".."), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

async function detect(dir: string, hints: Hints): Promise<Detection> {
  const found = toolchains.map((toolchain) => toolchain.detect(dir, hints));
  return chooseDetection(await Promise.all(found), dir, hints);
}

const FASTAPI = "from fastapi import FastAPI\napp = FastAPI()\n";
const PACKAGE = JSON.stringify({ scripts: { start: "node server.js" } });
const TOOLING = JSON.stringify({ devDependencies: { prettier: "3" } });

describe("all toolchains", () => {
  it.each<[string, Record<string, string>, string, string | null]>([
    ["an ASGI app", { "main.py": FASTAPI }, "python", "uvicorn main:app --host $HOST --port $PORT"],
    [
      "an app beside a site",
      { "main.py": FASTAPI, "index.html": "x" },
      "python",
      "uvicorn main:app --host $HOST --port $PORT",
    ],
    [
      "an app with a package.json for its styles",
      { "main.py": FASTAPI, "package.json": TOOLING },
      "python",
      "uvicorn main:app --host $HOST --port $PORT",
    ],
    [
      "a Node app with a Python script",
      { "package.json": PACKAGE, "run.py": "print(1)" },
      "node",
      "node server.js",
    ],
    ["a site with tooling", { "package.json": TOOLING, "index.html": "x" }, "static", null],
    ["a site with a script for the browser", { "index.html": "x", "main.js": "alert(1)" }, "static", null],
    [
      "a Procfile for Python",
      { Procfile: "web: gunicorn main:app", "main.py": FASTAPI },
      "python",
      "gunicorn main:app",
    ],
    ["a Procfile for Node", { Procfile: "web: node server.js", "server.js": "" }, "node", "node server.js"],
    ["a Procfile for anything", { Procfile: "web: ./serve --port $PORT" }, "command", "./serve --port $PORT"],
    ["Go", { "go.mod": "module x", "main.go": "package main" }, "command", "go run ."],
    ["a script of the folder's name", { "own.py": "print(1)" }, "python", "python own.py"],
    [
      "the only script with a main guard",
      { "a.py": "x = 1", "b.py": "if __name__ == '__main__':\n    print(1)" },
      "python",
      "python b.py",
    ],
    [
      "a package with __main__",
      { "tool/__init__.py": "", "tool/__main__.py": "print(1)" },
      "python",
      "python -m tool",
    ],
    [
      "streamlit",
      { "app.py": "import streamlit as st\nst.write(1)" },
      "python",
      "streamlit run app.py --server.address $HOST --server.port $PORT --server.headless true",
    ],
    [
      "an app in src",
      { "src/web/__init__.py": "", "src/web/app.py": FASTAPI },
      "python",
      "uvicorn web.app:app --app-dir src --host $HOST --port $PORT",
    ],
    [
      "an app whose imports lie beside it",
      { "api/main.py": `import models\n${FASTAPI}`, "api/models.py": "" },
      "python",
      "uvicorn main:app --app-dir api --host $HOST --port $PORT",
    ],
    [
      "an app with requirements of its own",
      { "backend/main.py": FASTAPI, "backend/requirements.txt": "", "frontend/index.html": "x" },
      "python",
      "uvicorn main:app --app-dir backend --host $HOST --port $PORT",
    ],
    [
      "a package within such a part",
      {
        "api/app/__init__.py": "",
        "api/app/main.py": `from . import x\n${FASTAPI}`,
        "api/pyproject.toml": "",
      },
      "python",
      "uvicorn app.main:app --app-dir api --host $HOST --port $PORT",
    ],
    [
      "a part that is imported from the root",
      {
        "backend/main.py": `from backend.db import x\n${FASTAPI}`,
        "backend/db.py": "",
        "backend/requirements.txt": "",
      },
      "python",
      "uvicorn backend.main:app --host $HOST --port $PORT",
    ],
    [
      "the app, not the one mounted into it",
      { "main.py": `${FASTAPI}api = FastAPI()\napp.mount("/api", api)` },
      "python",
      "uvicorn main:app --host $HOST --port $PORT",
    ],
    [
      "main.py before others",
      { "zoo.py": FASTAPI, "main.py": FASTAPI, "tests/main.py": FASTAPI },
      "python",
      "uvicorn main:app --host $HOST --port $PORT",
    ],
    [
      "a factory",
      {
        "app/__init__.py":
          "import flask\ndef create_app(config=None):\n    app = flask.Flask(__name__)\n    return app",
      },
      "python",
      "gunicorn 'app:create_app()' --bind $HOST:$PORT --workers 1 --threads 4",
    ],
    [
      "an ASGI factory",
      { "main.py": "from fastapi import FastAPI\ndef make_app() -> FastAPI:\n    return FastAPI()" },
      "python",
      "uvicorn main:make_app --factory --host $HOST --port $PORT",
    ],
    [
      "what a factory of the project makes",
      {
        "wsgi.py": "from shop import create_app\nserver = create_app()",
        "shop/__init__.py": "from flask import Flask\ndef create_app(): return Flask('x')",
      },
      "python",
      "gunicorn wsgi:server --bind $HOST:$PORT --workers 1 --threads 4",
    ],
    [
      "an app under another name",
      { "main.py": "import fastapi as f\nservice: f.FastAPI = f.FastAPI()" },
      "python",
      "uvicorn main:service --host $HOST --port $PORT",
    ],
    [
      "a wrapped app",
      { "main.py": `from x import GZipMiddleware\n${FASTAPI}app = GZipMiddleware(app)` },
      "python",
      "uvicorn main:app --host $HOST --port $PORT",
    ],
    [
      "plain ASGI",
      { "main.py": "async def app(scope, receive, send): pass" },
      "python",
      "uvicorn main:app --host $HOST --port $PORT",
    ],
    [
      "not an app made in the main guard",
      { "main.py": "from fastapi import FastAPI\nif __name__ == '__main__':\n    app = FastAPI()" },
      "python",
      "python main.py",
    ],
  ])("%s", async (_name, files, toolchain, run) => {
    expect(await detect(folder(files), NONE)).toMatchObject({ toolchain, run });
  });

  it.each([
    ["app.get('/health')\ndef h(): ...", "/health"],
    ["app.get('/healthz')\nasync def h(): ...", "/healthz"],
    ["app.post('/health')\ndef h(): ...", null],
    ["app.get('/health')\ndef h(token: str): ...", null],
    ["router.get('/health')\ndef h(): ...", null],
    ["app.get('/health/{x}')\ndef h(): ...", null],
    ["app.get('/health', dependencies=[1])\ndef h(): ...", null],
    ["app.get('/health')\n@login\ndef h(): ...", null],
    ["app.api_route('/health')\ndef h(): ...", null],
  ])("health route @%s", async (route, path) => {
    const dir = folder({ "main.py": `${FASTAPI}router = object()\n@${route}` });
    const check = path === null ? { type: "tcp" } : { type: "http", path };
    expect((await detect(dir, NONE)).check).toEqual(check);
  });

  it("takes no health route of an app that is mounted elsewhere", async () => {
    const mounted = `import sub\n${FASTAPI}app.mount("/api", sub.api)`;
    const below = "from fastapi import FastAPI\napi = FastAPI()\n@api.get('/health')\ndef h(): ...";
    const files = { "main.py": mounted, "sub.py": below };
    expect(await detect(folder(files), NONE)).toMatchObject({ check: { type: "tcp" } });
    const starlette =
      "from starlette.applications import Starlette\nfrom starlette.routing import Mount, Route\n" +
      "app = Starlette(routes=[Mount('/x', routes=[Route('/health', f)]), Route('/healthz', f)])";
    const found = await detect(folder({ "main.py": starlette }), NONE);
    expect(found.check).toEqual({ type: "http", path: "/healthz" });
  });

  it.each([
    ["import time\nprint(1)", "none"],
    ["import socket", "optional"],
    ["import asyncio", "optional"],
    ["import requests\nprint(1)", "optional"],
    ["import os\nprint(os.environ['PORT'])", "optional"],
  ])("a script %j listens: %s", async (text, listens) => {
    expect((await detect(folder({ "main.py": `${text}\nprint(2)` }), NONE)).listens).toBe(listens);
  });

  it("takes the owner's word", async () => {
    const dir = folder({ "main.py": FASTAPI, "other.py": FASTAPI, "package.json": PACKAGE });
    expect(await detect(dir, { entry: "other:app", run: null })).toMatchObject({
      entry: "other:app",
    });
    expect(await detect(dir, { entry: null, run: "node x.js" })).toMatchObject({
      toolchain: "node",
    });
    expect(await detect(dir, { entry: null, run: "./x" })).toMatchObject({ run: "./x" });
  });

  it("finds an app in a crowded folder", async () => {
    const files = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`data/part${n}.py`, "x = 1"]));
    const dir = folder({ ...files, "app.py": FASTAPI });
    expect(await detect(dir, NONE)).toMatchObject({ entry: "app:app" });
  });

  it("says when there is nothing, or not what the owner named", async () => {
    const dir = folder({ "x/file": "" });
    await expect(detect(dir, NONE)).rejects.toMatchObject({ code: "not-detected" });
    await expect(detect(dir, { entry: "main:app", run: null })).rejects.toMatchObject({
      code: "invalid-entry",
    });
  });

  it("bears unreadable files", async () => {
    const dir = folder({ "main.py": FASTAPI, "package.json": "{", "other.py": "def (", "null.py": "\0" });
    chmodSync(join(dir, "package.json"), 0);
    for (const name of ["asgi.py", "a.py", "requirements.txt"]) execFileSync("mkfifo", [join(dir, name)]);
    symlinkSync("/dev/zero", join(dir, "zero.py"));
    expect(await detect(dir, NONE)).toMatchObject({ entry: "main:app" });
  });
});
