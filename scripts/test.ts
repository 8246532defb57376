// `npm test [-- file…]`: checks what the tests need, builds, runs them all and ends with one line of totals.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { countTests, summaryLine, type VitestReport } from "./test-summary.ts";
import { missingTools } from "./test-tools.ts";

const ROOT = join(import.meta.dirname, "..");

/** Without what npm sets for its scripts: tests must not depend on how they were started (`--silent` silences every npm below). */
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));

function run(script: string, args: string[]): number {
  const result = spawnSync(process.execPath, [join(ROOT, script), ...args], {
    cwd: ROOT,
    stdio: "inherit",
    env: ENVIRONMENT,
  });
  return result.status ?? 1;
}

function runTests(files: string[]): number {
  const dir = mkdtempSync(join(tmpdir(), "gantry-test-"));
  const reportFile = join(dir, "report.json");
  try {
    const status = run("node_modules/vitest/vitest.mjs", [
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${reportFile}`,
      ...files,
    ]);
    const counts = countTests(readReport(reportFile), status);
    console.log(summaryLine(counts));
    return counts.failed > 0 ? 1 : 0;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function readReport(file: string): VitestReport | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as VitestReport;
  } catch {
    return null;
  }
}

function main(): number {
  const missing = missingTools();
  if (missing.length > 0) {
    for (const line of missing) console.error(line);
    console.log("0 passed, 1 failed");
    return 1;
  }
  if (run("scripts/build.ts", []) !== 0) {
    console.log("0 passed, 1 failed");
    return 1;
  }
  return runTests(process.argv.slice(2));
}

process.exitCode = main();
