import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Detection } from "../domain/toolchain.ts";
import { missingFile } from "./missing-file.ts";

const dir = mkdtempSync("/tmp/g-missing-");
afterAll(() => rmSync(dir, { recursive: true }));
mkdirSync(join(dir, "built"));
for (const name of ["server.js", "count.sh", "built/package.json"]) writeFileSync(join(dir, name), "{}");

const missing = (run: string, toolchain: Detection["toolchain"] = "command", folder = dir): string | null =>
  missingFile(folder, run, { toolchain } as Detection);

test.each([
  ["python3 gone.py --port $PORT", "python", "gone.py"],
  ["DEBUG=1 python3 -u sub/gone.py", "python", "sub/gone.py"],
  ["node gone.mjs", "node", "gone.mjs"],
  ["sh gone.sh", "command", "gone.sh"],
  ["'./a gone one' -v", "command", "./a gone one"],
  ["/no/such/program", "command", "/no/such/program"],
] as const)("%j names a file that is not there", (run, toolchain, file) => {
  expect(missing(run, toolchain)).toBe(file);
});

test.each([
  ["node server.js", "node"],
  ["node server", "node"],
  ["node --env-file=.env gone.js", "node"],
  ["python3 -m http.server", "python"],
  ["python3 -c 'import x.py'", "python"],
  ["python3 $PORT.py", "python"],
  [".venv/bin/uvicorn main:app", "python"],
  ["sh count.sh", "command"],
  ["./count.sh", "command"],
  ["sleep 1.5", "command"],
  ["cd sub && python3 gone.py", "python"],
] as const)("%j may run", (run, toolchain) => {
  expect(missing(run, toolchain)).toBe(null);
});

test("what a build may make is not missing", () => {
  expect(missing("node dist/gone.js", "node", join(dir, "built"))).toBe(null);
});
