import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parseSettings } from "../domain/settings.ts";
import { createJsonLog } from "../lib/json-log.ts";
import { removeUnfinished } from "./remove-unfinished.ts";

test("removes what was coming in, and nothing that is whole", async () => {
  const home = mkdtempSync(join(tmpdir(), "gantry-unfinished-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const half = ["uploads/u_1", "tools/.uv-half/uv", "apps/web/releases/incoming/ab12/0"];
  const whole = ["tools/uv/uv", "apps/web/releases/objects/ab/abc", "apps/web/data/incoming/mine"];
  for (const path of [...half, ...whole]) {
    mkdirSync(join(home, dirname(path)), { recursive: true });
    writeFileSync(join(home, path), "x");
  }
  await removeUnfinished({ settings: parseSettings(home, {}), log: createJsonLog("error") });
  expect([...half, ...whole].filter((path) => existsSync(join(home, path)))).toEqual(whole);
});
