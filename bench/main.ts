// `npm run bench [-- name… --quick]`: measures Gantry side by side with the bare thing, prints a table, writes JSON.
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Bench, Row } from "./bench.ts";
import { formatTable } from "./table.ts";

// It adds to the start of every Node and Python process, and says nothing about Gantry.
delete process.env.NODE_EXTRA_CA_CERTS;

const BENCHES: Record<string, () => Promise<{ bench: Bench }>> = {
  start: () => import("./start-bench.ts"),
  crash: () => import("./crash-bench.ts"),
  list: () => import("./list-bench.ts"),
  logs: () => import("./log-bench.ts"),
  edge: () => import("./edge-bench.ts"),
  idle: () => import("./idle-bench.ts"),
  many: () => import("./many-bench.ts"),
  restarts: () => import("./restart-bench.ts"),
  deploys: () => import("./deploy-bench.ts"),
};

/** Long runs, by name or with `npm run soak`. */
const SOAKS: typeof BENCHES = {
  starts: () => import("./starts-bench.ts"),
  slow: () => import("./slow-bench.ts"),
  scale: () => import("./scale-bench.ts"),
};
const ALL = { ...BENCHES, ...SOAKS };

const note = (text: string): void => void process.stderr.write(`${text}\n`);

function chosen(words: string[]): string[] {
  const names = words.flatMap((word) => (word === "soak" ? Object.keys(SOAKS) : [word]));
  const unknown = names.filter((name) => ALL[name] === undefined);
  if (unknown.length > 0) {
    note(`There is no benchmark ${unknown.join(", ")}. There are: ${Object.keys(ALL).join(", ")}.`);
    process.exit(2);
  }
  return names.length > 0 ? names : Object.keys(BENCHES);
}

function save(rows: Row[], failed: Record<string, string>): string {
  const dir = join(import.meta.dirname, "results");
  mkdirSync(dir, { recursive: true });
  const at = new Date().toISOString();
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, kernel: release(), node: process.version };
  const file = join(dir, `${at.replaceAll(":", "-")}.json`);
  writeFileSync(file, `${JSON.stringify({ at, machine, rows, failed }, null, 2)}\n`);
  return file;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { quick: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const rows: Row[] = [];
  const failed: Record<string, string> = {};
  for (const name of chosen(positionals)) {
    try {
      const { bench } = (await ALL[name]?.()) ?? {};
      if (bench === undefined) continue;
      note(`${name}: ${bench.what}`);
      rows.push(...(await bench.run({ quick: values.quick, note })));
    } catch (error) {
      failed[name] = error instanceof Error ? error.message : String(error);
      note(`${name} failed: ${failed[name]}`);
    }
  }
  console.log(formatTable(rows));
  console.log(`\nwritten to ${save(rows, failed)}`);
  return Object.keys(failed).length > 0 ? 1 : 0;
}

process.exitCode = await main();
