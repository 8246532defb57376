// From the command to the first answer 200 of a FastAPI app, against bare uvicorn.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, globSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Gantry } from "../test/helpers/gantry.ts";
import { type Ask, ask } from "../test/helpers/request.ts";
import { pause, until } from "../test/helpers/until.ts";
import type { Bench, Row } from "./bench.ts";
import { median, timed } from "./measure.ts";
import { withGantry } from "./with-gantry.ts";

const ROOT = join(import.meta.dirname, "..");
const run = promisify(execFile);

/** Asks every 2 ms, on a new connection each time, until the answer is 200. */
async function firstAnswer(question: Ask): Promise<void> {
  for (;;) {
    const answer = await ask(question).catch(() => null);
    if (answer?.status === 200) return;
    await pause(2);
  }
}

async function bareRound(gantry: Gantry, uvicorn: string, cwd: string): Promise<number> {
  const port = gantry.ports.range.last;
  const started = performance.now();
  const child = spawn(uvicorn, ["main:app", "--host", "127.0.0.1", "--port", String(port)], {
    cwd,
    stdio: "ignore",
  });
  await firstAnswer({ port, path: "/health" });
  const time = performance.now() - started;
  const ended = once(child, "exit");
  child.kill();
  await ended;
  return time;
}

async function ownRound(gantry: Gantry, start: () => Promise<unknown>): Promise<number> {
  await gantry.api("POST", "/api/apps/mood/stop");
  await until("it to stop", async () => (await gantry.app("mood")).state === "stopped");
  await pause(200);
  return timed(async () => {
    const started = start();
    await firstAnswer(gantry.at("mood", "/health"));
    void started.catch(() => {});
  }).finally(() => pause(300));
}

const row = (by: string, own: number, bare: number, allowed: number): Row => ({
  figure: `FastAPI: command to first 200, by ${by} (bare: uvicorn)`,
  gantry: own,
  unit: "ms",
  bare,
  target: `≤ bare + ${allowed} ms`,
  reached: own <= bare + allowed,
});

export const bench: Bench = {
  name: "start",
  what: "FastAPI app from the command to the first 200, against bare uvicorn",
  run: ({ quick }) =>
    withGantry(async (gantry) => {
      const cwd = join(gantry.folder, "mood");
      cpSync(join(ROOT, "examples", "mood"), cwd, { recursive: true });
      await gantry.up({ mood: { path: cwd, health: { path: "/health" } } });
      const [uvicorn] = globSync(join(gantry.home, "envs", "**", "bin", "uvicorn"));
      if (uvicorn === undefined) throw new Error("Gantry's environment of the app has no uvicorn");
      const cli = () =>
        run(process.execPath, [join(ROOT, "bin", "gantry"), "start", "mood"], { env: gantry.env });
      const api = () => gantry.api("POST", "/api/apps/mood/start");
      await gantry.api("POST", "/api/apps/mood/stop");
      const [bare, byApi, byCli]: [number[], number[], number[]] = [[], [], []];
      for (let i = 0; i < (quick ? 5 : 15); i++) {
        bare.push(await bareRound(gantry, uvicorn, cwd));
        byApi.push(await ownRound(gantry, api));
        byCli.push(await ownRound(gantry, cli));
      }
      return [row("API", median(byApi), median(bare), 30), row("CLI", median(byCli), median(bare), 80)];
    }),
};
