// 200 MB of log lines through Gantry, against the same program writing straight to a file.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Gantry } from "../test/helpers/gantry.ts";
import { pause, until } from "../test/helpers/until.ts";
import type { Bench } from "./bench.ts";
import { cpuMs, median } from "./measure.ts";
import { withGantry } from "./with-gantry.ts";

const PROGRAM = join(import.meta.dirname, "programs", "flood.py");
const MEGABYTES = 200;

async function bareRound(gantry: Gantry): Promise<number> {
  const [result, file] = [join(gantry.folder, "bare"), join(gantry.folder, "bare.log")];
  rmSync(file, { force: true });
  const out = openSync(file, "a");
  const child = spawn("python3", [PROGRAM], {
    stdio: ["ignore", out, out],
    env: { ...gantry.env, RESULT: result },
  });
  closeSync(out);
  await once(child, "exit");
  rmSync(file);
  return MEGABYTES / takeResult(result);
}

async function ownRound(gantry: Gantry): Promise<{ speed: number; cpu: number }> {
  const result = join(gantry.folder, "own");
  const daemon = await gantry.daemonPid();
  const before = cpuMs(daemon);
  await gantry.api("POST", "/api/apps/flood/start");
  await until("the flood to end", () => existsSync(result), 60_000);
  const cpu = cpuMs(daemon) - before;
  await gantry.api("POST", "/api/apps/flood/stop");
  return { speed: MEGABYTES / takeResult(result), cpu };
}

function takeResult(file: string): number {
  const seconds = Number(readFileSync(file, "utf8"));
  rmSync(file);
  return seconds;
}

export const bench: Bench = {
  name: "logs",
  what: `${MEGABYTES} MB of log lines in 64 KiB writes, against writing to a file`,
  run: ({ quick }) =>
    withGantry(async (gantry) => {
      const created = await gantry.api("POST", "/api/apps", {
        name: "flood",
        path: gantry.folder,
        run: `python3 ${PROGRAM}`,
        port: "none",
        restart: { policy: "never" },
        env: { RESULT: join(gantry.folder, "own") },
      });
      if (created.status !== 201) throw new Error(created.text);
      const [own, bare, cpu]: [number[], number[], number[]] = [[], [], []];
      for (let i = 0; i < (quick ? 3 : 9); i++) {
        bare.push(await bareRound(gantry));
        await pause(300);
        const round = await ownRound(gantry);
        own.push(round.speed);
        cpu.push(round.cpu);
        await pause(300);
      }
      const ratio = median(own) / median(bare);
      return [
        {
          figure: "log, 64 KiB writes (bare: a file)",
          gantry: median(own),
          unit: "MB/s",
          bare: median(bare),
          target: "≥ 0.9 × (aim 1.0)",
          reached: ratio >= 0.9,
        },
        {
          figure: "… CPU of the daemon, 200 MB and a start",
          gantry: median(cpu),
          unit: "ms",
          bare: null,
          target: "none for the output",
          reached: null,
        },
      ];
    }),
};
