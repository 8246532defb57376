// Promise 23: 1,000 apps registered, 200 running.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Gantry } from "../test/helpers/gantry.ts";
import { signal } from "../test/helpers/processes.ts";
import { pause, until } from "../test/helpers/until.ts";
import type { Bench, Row } from "./bench.ts";
import { cpuMs, median, memoryMib, quantile, timed } from "./measure.ts";
import { addSleepers, withGantry } from "./with-gantry.ts";

const REGISTERED = 1_000;
const RUNNING = 200;

async function running(gantry: Gantry): Promise<number> {
  const list = await gantry.api("GET", "/api/apps?limit=1000&fields=state");
  return list.json<{ apps: { state: string }[] }>().apps.filter(({ state }) => state === "running").length;
}

const row = (figure: string, gantry: number, unit: string, most: number): Row => ({
  figure: `${figure}, ${REGISTERED} apps, ${RUNNING} running`,
  gantry,
  unit,
  bare: null,
  target: `< ${most} ${unit}`,
  reached: gantry < most,
});

/** What `gantry ls` shows of each app. */
const SHOWN = "name,state,url,restarts,runningSince,reason";

async function listTimes(gantry: Gantry, query: string, rounds: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < rounds; i++)
    times.push(await timed(() => gantry.api("GET", `/api/apps?limit=1000${query}`)));
  return times;
}

/** From `kill -9` of the daemon until its successor knows all of them to run. */
async function adoption(gantry: Gantry): Promise<number> {
  const before = await gantry.daemonPid();
  return timed(async () => {
    signal(before, "SIGKILL");
    await until(
      "the adoption",
      async () =>
        existsSync(join(gantry.home, "gantry.sock")) &&
        (await gantry.daemonPid()) !== before &&
        (await running(gantry)) === RUNNING,
      60_000,
    );
  });
}

async function measure(gantry: Gantry, quick: boolean): Promise<Row[]> {
  const rounds = quick ? 50 : 300;
  const shown = await listTimes(gantry, `&fields=${SHOWN}`, rounds);
  const whole = await listTimes(gantry, "", rounds);
  await pause(15_000);
  const pid = await gantry.daemonPid();
  const seconds = quick ? 15 : 60;
  const before = cpuMs(pid);
  await pause(seconds * 1000);
  const cpu = (cpuMs(pid) - before) / (seconds * 10);
  const memory = memoryMib(pid);
  const adoptions: number[] = [];
  for (let i = 0; i < (quick ? 2 : 5); i++) {
    await pause(3_500);
    adoptions.push(await adoption(gantry));
  }
  return [
    row("list over the API as shown, p99", quantile(shown, 0.99), "ms", 100),
    row("list over the API with all fields, p99", quantile(whole, 0.99), "ms", 100),
    row("daemon idle CPU", cpu, "%", 3),
    row("daemon memory", memory, "MiB", 250),
    row("kill -9 of the daemon to all adopted", median(adoptions) / 1000, "s", 10),
  ];
}

export const bench: Bench = {
  name: "scale",
  what: `${REGISTERED} apps registered, ${RUNNING} running: list, idle CPU, memory, adoption`,
  run: ({ quick }) =>
    withGantry(async (gantry) => {
      await addSleepers(gantry, 0, REGISTERED);
      for (let i = 0; i < RUNNING; i++) await gantry.api("POST", `/api/apps/sleep-${i}/start`);
      await until("the apps to run", async () => (await running(gantry)) === RUNNING, 120_000);
      return measure(gantry, quick);
    }),
};
