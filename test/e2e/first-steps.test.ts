// What the README promises to somebody with a folder of code and one command.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { AppView } from "../../src/domain/app-view.ts";
import { FIXTURES, type Gantry } from "../helpers/gantry.ts";
import { ask } from "../helpers/request.ts";
import { startGantry } from "../helpers/start-gantry.ts";

function write(gantry: Gantry, folder: string, files: Record<string, string>): string {
  for (const [name, content] of Object.entries(files)) {
    const path = join(gantry.folder, folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return join(gantry.folder, folder);
}

async function upIn(gantry: Gantry, cwd: string): Promise<AppView[]> {
  const up = await gantry.cli(["up"], { cwd });
  expect(up.code, `${up.stdout}\n${up.stderr}`).toBe(0);
  const list = (await gantry.cli(["ls", "--json"])).json<AppView[] | { apps: AppView[] }>();
  const apps = Array.isArray(list) ? list : list.apps;
  for (const app of apps) expect(up.stdout).toContain(app.url);
  return apps;
}

test("a folder with a FastAPI app and its requirements is up with one command", async () => {
  const gantry = await startGantry();
  const cwd = write(gantry, "shop", {
    "main.py":
      'from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get("/")\ndef root():\n    return {"hello": "world"}\n',
    "requirements.txt": "fastapi\n",
  });
  const [app] = await upIn(gantry, cwd);
  expect(app).toMatchObject({ name: "shop", state: "running" });
  const answer = await ask(gantry.at("shop"));
  expect(answer.json()).toEqual({ hello: "world" });
});

test("so is a static folder, without a process", async () => {
  const gantry = await startGantry();
  const cwd = write(gantry, "site", { "index.html": "<h1>Hello</h1>" });
  const [app] = await upIn(gantry, cwd);
  expect(app).toMatchObject({ name: "site", state: "running", pid: null });
  expect((await ask(gantry.at("site"))).text).toBe("<h1>Hello</h1>");
});

test("so is a Node app without dependencies, and a plain command of a manifest", async () => {
  const gantry = await startGantry();
  const server =
    'require("http").createServer((q, a) => a.end("node")).listen(process.env.PORT, process.env.HOST)';
  const cwd = write(gantry, "two", {
    "web/package.json": '{"name": "web", "version": "1.0.0", "scripts": {"start": "node server.js"}}',
    "web/server.js": server,
    "gantry.yaml": `apps:\n  web: { path: ./web }\n  plain: { path: ${join(FIXTURES, "python")}, run: python3 server.py }\n`,
  });
  await upIn(gantry, cwd);
  expect((await ask(gantry.at("web"))).text).toBe("node");
  expect((await ask(gantry.at("plain", "/hello"))).json()).toMatchObject({ path: "/hello" });
});

test("an app that does not get healthy ends the command with 1 and its last lines", async () => {
  const gantry = await startGantry();
  const cwd = write(gantry, "bad", {
    "gantry.yaml": "run: python3 -c 'raise SystemExit(\"no such luck\")'\nrestart: { max: 1 }\n",
  });
  const up = await gantry.cli(["up"], { cwd });
  expect(up.code).toBe(1);
  expect(`${up.stdout}${up.stderr}`).toContain("no such luck");
});

test.each([
  ["entry: nosuch:app", "main.py", "nosuch:app is no entry: there is no nosuch.py in"],
  ["run: python3 gone.py", "main.py", "run: there is no gone.py in"],
  ["run: ./gone", "x", "run: there is no ./gone in"],
  ["run: node gone.js", "x", "run: there is no gone.js in"],
  ["port: auto", "README", "nothing runnable was found"],
])(
  "a manifest whose app can't run (%s) is refused with its place, and nothing of it is registered",
  async (setting, file, why) => {
    const gantry = await startGantry();
    const cwd = write(gantry, "shop", {
      "good/index.html": "hello",
      [`web/${file}`]: "",
      "gantry.yaml": `apps:\n  good: { path: good }\n  web:\n    path: web\n    ${setting}\n`,
    });
    write(gantry, "site", { "index.html": "hello" });
    const { code, stdout, stderr } = await gantry.cli(["up", ".", "../site"], { cwd });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`${join(cwd, "gantry.yaml")}:3: web: `);
    expect(stderr).toContain(why);
    expect((await gantry.cli(["ls", "--quiet"])).stdout).toBe("");
    expect((await gantry.cli(["up", "../site", "../nothing", "web"], { cwd })).code).toBe(2);
    expect((await gantry.cli(["ls", "--quiet"])).stdout).toBe("");
  },
);
