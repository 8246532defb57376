import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startGantry } from "../helpers/start-gantry.ts";

const APP = "from http.server import HTTPServer\n";

test("gantry validate tells what is wrong, as compilers do", async () => {
  const gantry = await startGantry();
  const folder = join(gantry.folder, "shop");
  mkdirSync(folder);
  writeFileSync(join(folder, "main.py"), `${APP}def f(:\n`);
  writeFileSync(join(folder, "scratch.py"), "x = (\n");
  const bad = await gantry.cli(["validate", folder]);
  expect([bad.code, bad.stdout]).toEqual([
    1,
    "main.py:2:7: invalid syntax\nscratch.py:1:5: warning: '(' was never closed\n",
  ]);
  writeFileSync(join(folder, "main.py"), `${APP}print(1)\n`);
  expect((await gantry.cli(["validate", folder, "--json"])).code).toBe(0);
  expect((await gantry.cli(["validate", "nosuch"])).code).toBe(3);
});
