// What the daemon costs while nothing happens: memory and CPU, with 100 and with 500 running apps.
import type { Gantry } from "../test/helpers/gantry.ts";
import { pause, until } from "../test/helpers/until.ts";
import type { Bench, Row } from "./bench.ts";
import { cpuMs, memoryMib } from "./measure.ts";
import { addSleepers, withGantry } from "./with-gantry.ts";

async function measure(gantry: Gantry, apps: number, seconds: number): Promise<Row[]> {
  await gantry.api("POST", "/api/apps/start-all", {});
  await until(`${apps} apps to run`, () => running(gantry, apps), 120_000);
  await pause(15_000);
  const pid = await gantry.daemonPid();
  const before = cpuMs(pid);
  await pause(seconds * 1000);
  const cpu = (cpuMs(pid) - before) / (seconds * 10);
  const memory = memoryMib(pid);
  const figure = (what: string) => `daemon ${what}, ${apps} apps`;
  return [
    {
      figure: figure("memory"),
      gantry: memory,
      unit: "MiB",
      bare: null,
      target: "≤ 100 MiB (aim 80)",
      reached: memory <= 100,
    },
    {
      figure: figure("idle CPU"),
      gantry: cpu,
      unit: "%",
      bare: null,
      target: "≤ 0.2 % (aim 0.05)",
      reached: cpu <= 0.2,
    },
  ];
}

async function running(gantry: Gantry, apps: number): Promise<boolean> {
  const list = (await gantry.api("GET", "/api/apps?limit=1000&fields=state")).json<{
    apps: { state: string }[];
  }>();
  return list.apps.filter(({ state }) => state === "running").length === apps;
}

export const bench: Bench = {
  name: "idle",
  what: "memory and idle CPU of the daemon",
  run: ({ quick }) =>
    withGantry(async (gantry) => {
      const rows: Row[] = [];
      let registered = 0;
      for (const apps of [100, 500]) {
        await addSleepers(gantry, registered, apps - registered);
        registered = apps;
        rows.push(...(await measure(gantry, apps, quick ? 20 : 60)));
      }
      return rows;
    }),
};
