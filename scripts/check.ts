// `npm run check`: the one gate. Runs every check, prints one row for each, and the whole output of those that failed.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");

interface Step {
  name: string;
  script: string;
  args: string[];
}

interface Outcome {
  step: Step;
  passed: boolean;
  seconds: number;
  output: string;
}

/** Quick ones first: they run side by side. The tests want the machine for themselves. */
const QUICK: Step[] = [
  {
    name: "format, lint",
    script: "node_modules/@biomejs/biome/bin/biome",
    args: ["check", "--error-on-warnings"],
  },
  { name: "types", script: "node_modules/typescript/bin/tsc", args: ["-p", ".", "--noEmit"] },
  {
    name: "architecture",
    script: "node_modules/vitest/vitest.mjs",
    args: ["run", "test/architecture.test.ts"],
  },
  { name: "unused code", script: "node_modules/knip/bin/knip.js", args: ["--no-progress"] },
  { name: "openapi", script: "scripts/openapi.ts", args: ["--check"] },
];
const TESTS: Step = { name: "tests", script: "scripts/test.ts", args: [] };

function run(step: Step): Promise<Outcome> {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(ROOT, step.script), ...step.args], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("close", (status) => {
      const seconds = (performance.now() - started) / 1000;
      resolve({ step, passed: status === 0, seconds, output: Buffer.concat(chunks).toString() });
    });
  });
}

function row({ step, passed, seconds, output }: Outcome): string {
  const note = step === TESTS ? (output.trimEnd().split("\n").at(-1) ?? "") : "";
  const columns = [
    passed ? "ok  " : "FAIL",
    step.name.padEnd(14),
    `${seconds.toFixed(1)} s`.padStart(8),
    note,
  ];
  return columns.join("  ").trimEnd();
}

async function checked(step: Step): Promise<Outcome> {
  const outcome = await run(step);
  console.log(row(outcome));
  return outcome;
}

async function main(): Promise<number> {
  const missing = QUICK.filter((step) => !existsSync(join(ROOT, step.script)));
  for (const step of missing)
    console.log(`FAIL  ${step.name.padEnd(14)}  ${step.script} is missing: run npm ci`);
  const outcomes = await Promise.all(QUICK.filter((step) => !missing.includes(step)).map(checked));
  outcomes.push(await checked(TESTS));
  const failed = outcomes.filter((outcome) => !outcome.passed);
  for (const { step, output } of failed) console.log(`\n--- ${step.name} ---\n${output.trimEnd()}`);
  return failed.length + missing.length > 0 ? 1 : 0;
}

process.exitCode = await main();
