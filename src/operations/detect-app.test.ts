// What is said of folders that are no apps.
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestApi, type TestApi } from "../../test/helpers/api.ts";
import type { GantryError } from "../domain/errors.ts";
import { detectApp } from "./detect-app.ts";

let test: TestApi;
beforeAll(async () => {
  test = await createTestApi();
});
afterAll(() => test.end());

/** The hint of the refusal of a folder with these files. */
async function hintFor(name: string, files: Record<string, string>): Promise<string | undefined> {
  const dir = join(test.home, name);
  mkdirSync(dir);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(dir, file, ".."), { recursive: true });
    writeFileSync(join(dir, file), text);
  }
  execFileSync("mkfifo", [join(dir, "fifo")]);
  symlinkSync("/", join(dir, "link"));
  const refusal = await detectApp(test.context, { path: dir }).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: "not-detected" });
  return (refusal as GantryError).hint;
}

it("names the apps in a folder of several", async () => {
  const files = {
    "package.json": '{"workspaces": ["apps/*"]}',
    "apps/my site/index.html": "x",
    "apps/web/index.html": "x",
    "docs/index.md": "x",
    "node_modules/x/index.html": "x",
    "shop/index.html": "x",
  };
  expect(await hintFor("several", files)).toBe(
    "There are apps in it: gantry up 'apps/my site' apps/web shop",
  );
});

it("does not choose one of several with dependencies of their own, but takes the only one", async () => {
  const FASTAPI = "from fastapi import FastAPI\napp = FastAPI()\n";
  const backend = { "backend/main.py": FASTAPI, "backend/requirements.txt": "fastapi" };
  const frontend = { "frontend/package.json": '{"scripts": {"start": "node x.js"}}' };
  expect(await hintFor("two", { ...backend, ...frontend })).toBe(
    "There are apps in it: gantry up backend frontend",
  );
  for (const [file, text] of Object.entries(backend)) {
    mkdirSync(join(test.home, "one", file, ".."), { recursive: true });
    writeFileSync(join(test.home, "one", file), text);
  }
  const only = await detectApp(test.context, { path: join(test.home, "one") });
  expect(only.run).toBe("uvicorn main:app --app-dir backend --host $HOST --port $PORT");
});

it("says that compose files are not run", async () => {
  expect(await hintFor("compose", { "compose.yaml": "services: {}" })).toContain("starts no containers");
});

it("says how to name a command where there is nothing", async () => {
  expect(await hintFor("nothing", { "README.md": "# hi", "a/b/c/index.html": "x" })).toContain("--run");
});
