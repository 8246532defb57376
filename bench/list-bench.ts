// `gantry ls` against a Node that does nothing, with few and with many registered apps.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Gantry } from "../test/helpers/gantry.ts";
import type { Bench, Row } from "./bench.ts";
import { median, quantile, timed } from "./measure.ts";
import { addSleepers, withGantry } from "./with-gantry.ts";

const run = promisify(execFile);
const PROGRAM = join(import.meta.dirname, "..", "bin", "gantry");

async function measure(gantry: Gantry, apps: number, rounds: number): Promise<Row> {
  const node = (args: string[]) => run(process.execPath, args, { env: gantry.env, maxBuffer: 1e8 });
  const [own, bare]: [number[], number[]] = [[], []];
  await node([PROGRAM, "ls"]);
  for (let i = 0; i < rounds; i++) {
    bare.push(await timed(() => node(["-e", "0"])));
    own.push(await timed(() => node([PROGRAM, "ls"])));
  }
  return {
    figure: `gantry ls, ${apps} apps (bare: node -e 0)`,
    gantry: median(own),
    unit: "ms",
    bare: median(bare),
    p95: quantile(own, 0.95),
    target: "≤ 1.5 × (aim 1.25)",
    reached: median(own) <= 1.5 * median(bare),
  };
}

export const bench: Bench = {
  name: "list",
  what: "gantry ls against node -e 0",
  run: ({ quick }) =>
    withGantry(async (gantry) => {
      const rounds = quick ? 9 : 31;
      const rows: Row[] = [];
      let registered = 0;
      for (const apps of [1, 100, 1000]) {
        await addSleepers(gantry, registered, apps - registered);
        registered = apps;
        rows.push(await measure(gantry, apps, rounds));
      }
      return rows;
    }),
};
