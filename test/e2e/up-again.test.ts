// `gantry up` where an app runs already: what changed takes over, or the old one goes on and the command says so.
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pythonApp } from "../helpers/apps.ts";
import { FIXTURES } from "../helpers/gantry.ts";
import { ask } from "../helpers/request.ts";
import { startGantry } from "../helpers/start-gantry.ts";

test("a second up waits for what changed, and ends with 1 where it can't run", async () => {
  const gantry = await startGantry();
  const path = join(gantry.folder, "py");
  cpSync(join(FIXTURES, "python"), path, { recursive: true });
  await gantry.up({ py: pythonApp({ path }) });
  const before = await gantry.app("py");
  writeFileSync(join(path, "broken.py"), 'import sys\nprint("broken on purpose")\nsys.exit(3)\n');
  writeFileSync(
    join(gantry.folder, "gantry.yaml"),
    JSON.stringify({ apps: { py: pythonApp({ path, run: "python3 broken.py" }) } }),
  );
  const broken = await gantry.cli(["up"]);
  expect([broken.code, broken.stdout]).toEqual([1, expect.stringContaining("broken on purpose")]);
  expect((await gantry.app("py")).pid).toBe(before.pid);
  expect((await ask(gantry.at("py"))).status).toBe(200);
});
