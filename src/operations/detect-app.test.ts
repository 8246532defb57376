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

it("says that compose files are not run", async () => {
  expect(await hintFor("compose", { "compose.yaml": "services: {}" })).toContain("starts no containers");
});

it("says how to name a command where there is nothing", async () => {
  expect(await hintFor("nothing", { "README.md": "# hi", "a/b/c/index.html": "x" })).toContain("--run");
});
