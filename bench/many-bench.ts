// 500 apps started and stopped, against a Node program that only spawns and kills.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Gantry } from "../test/helpers/gantry.ts";
import { allProcesses } from "../test/helpers/processes.ts";
import { until } from "../test/helpers/until.ts";
import type { Bench, Row } from "./bench.ts";
import { median, timed } from "./measure.ts";
import { addSleepers, withGantry } from "./with-gantry.ts";

const run = promisify(execFile);
const PROGRAM = join(import.meta.dirname, "programs", "spawn-sleeps.mjs");
const APPS = 500;
/** Of their sleep: tells them from those of another Gantry on this machine. */
const SECONDS = 100_000 + process.pid;
const SLEEP = new RegExp(`^\\S*sleep ${SECONDS}$`);

interface Times {
  up: number;
  down: number;
}

async function bareRound(gantry: Gantry): Promise<Times> {
  const { stdout } = await run(process.execPath, [PROGRAM, String(APPS)], { env: gantry.env });
  return JSON.parse(stdout) as Times;
}

/** How many of them are in the process table. Asking the kernel, not Gantry, keeps the comparison honest. */
const sleeping = (): number => allProcesses().filter(({ command }) => SLEEP.test(command)).length;

async function ownRound(gantry: Gantry): Promise<Times> {
  const up = await timed(async () => {
    await gantry.api("POST", "/api/apps/start-all", {});
    await until("500 apps", () => sleeping() === APPS, 120_000);
  });
  const down = await timed(async () => {
    await gantry.api("POST", "/api/apps/stop-all", {});
    await until("none", () => sleeping() === 0, 120_000);
  });
  return { up, down };
}

function row(
  figure: string,
  own: number[],
  bare: number[],
  target: string,
  reached: (own: number, bare: number) => boolean,
): Row {
  const [gantry, other] = [median(own), median(bare)];
  return { figure, gantry, unit: "ms", bare: other, target, reached: reached(gantry, other) };
}

export const bench: Bench = {
  name: "many",
  what: `${APPS} sleep apps up and stopped, against a Node loop`,
  run: ({ quick }) =>
    withGantry(async (gantry) => {
      await addSleepers(gantry, 0, APPS, SECONDS);
      const [own, bare]: [Times[], Times[]] = [[], []];
      // The first round builds the releases.
      await ownRound(gantry);
      for (let i = 0; i < (quick ? 2 : 5); i++) {
        bare.push(await bareRound(gantry));
        own.push(await ownRound(gantry));
      }
      const of = (rounds: Times[], key: keyof Times) => rounds.map((round) => round[key]);
      return [
        row(
          `${APPS} apps up (bare: Node loop)`,
          of(own, "up"),
          of(bare, "up"),
          "≤ 2 × (aim 1.5)",
          (a, b) => a <= 2 * b,
        ),
        row(
          `${APPS} apps stopped`,
          of(own, "down"),
          of(bare, "down"),
          "≤ 1000 ms (aim 300)",
          (a) => a <= 1000,
        ),
      ];
    }),
};
