import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { toolchainBench } from "../../../test/contracts/toolchain.ts";
import { type Running, serveBuild } from "../../../test/helpers/serve-build.ts";
import type { Hints } from "../../domain/toolchain.ts";
import { createPython } from "./index.ts";

const bench = toolchainBench();
const python = createPython();
const running: Running[] = [];
afterEach(async () => {
  for (const app of running.splice(0)) await app.stop();
});

const STARLETTE = `
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
def make():
    return Starlette(routes=[Route("/", lambda request: PlainTextResponse("made"))])
`;
const FLASK = `
from flask import Flask
def make(config=None):
    app = Flask("made")
    app.route("/")(lambda: "made")
    return app
`;
const AIOHTTP = `
from aiohttp import web
async def answer(request):
    return web.Response(text="made")
def make():
    app = web.Application()
    app.router.add_get("/", answer)
    return app
`;
/** No syntax tree shows what it returns. */
const hidden = (text: string): string => `${text}def hide(*, how=None): return globals()["ma" + "ke"]()\n`;

describe("a factory is called", () => {
  it.each([
    ["ASGI", null, "uvicorn main:make --factory", STARLETTE],
    ["ASGI", "main:make()", "uvicorn main:make --factory", STARLETTE],
    ["ASGI", "main:make", "uvicorn main:make --factory", STARLETTE],
    ["ASGI", "main:hide()", "uvicorn main:hide --factory", hidden(STARLETTE)],
    ["WSGI", null, "gunicorn 'main:make()'", FLASK],
    ["WSGI", "main:make()", "gunicorn 'main:make()'", FLASK],
    ["WSGI", "main:hide()", "gunicorn 'main:hide()'", hidden(FLASK)],
    ["aiohttp", null, "gunicorn 'main:make()'", AIOHTTP],
  ])("%s, entry %s: %s", async (_kind, entry, line, text) => {
    const dir = bench.copy("plain-script");
    writeFileSync(join(dir, "main.py"), text);
    const hints: Hints = { entry, run: null };
    const detection = await python.detect(dir, hints);
    expect(detection?.run).toMatch(line);
    expect(detection?.entry).toMatch(/^main:(?:make|hide)\(\)$/);
    const app = await serveBuild(await python.build(bench.order(dir, detection!, { hints })), dir);
    running.push(app);
    expect(await app.get("/")).toBe("200 made");
  });
});

it("a Flask app that starts a server of its own when it is loaded is served all the same", async () => {
  const dir = bench.copy("plain-script");
  writeFileSync(join(dir, "main.py"), `${FLASK}app = make()\napp.run(debug=True)\n`);
  const hints: Hints = { entry: null, run: null };
  const detection = await python.detect(dir, hints);
  const app = await serveBuild(await python.build(bench.order(dir, detection!, { hints })), dir);
  running.push(app);
  expect(await app.get("/")).toBe("200 made");
});
