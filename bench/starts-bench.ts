// Promise 7: 10,000 starts leave no zombie, no descriptor and no memory behind.
import type { Gantry } from "../test/helpers/gantry.ts";
import { descriptorsOf, zombiesOf } from "../test/helpers/processes.ts";
import { pause, until } from "../test/helpers/until.ts";
import type { Bench, Row } from "./bench.ts";
import { memoryMib } from "./measure.ts";
import { addSleepers, withGantry } from "./with-gantry.ts";

const APPS = 20;

interface Held {
  memory: number;
  descriptors: number;
  zombies: number;
}

/** What the daemon holds on to while nothing runs. */
async function held(pid: number): Promise<Held> {
  await pause(500);
  return {
    memory: memoryMib(pid),
    descriptors: descriptorsOf(pid),
    zombies: zombiesOf(pid),
  };
}

async function round(gantry: Gantry): Promise<void> {
  const states = async () =>
    (await gantry.api("GET", "/api/apps?limit=1000&fields=state")).json<{ apps: { state: string }[] }>().apps;
  await gantry.api("POST", "/api/apps/start-all", {});
  await until("all to run", async () => (await states()).every(({ state }) => state === "running"), 60_000);
  await gantry.api("POST", "/api/apps/stop-all", {});
  await until("all to stop", async () => (await states()).every(({ state }) => state === "stopped"), 60_000);
}

function rows(starts: number, half: Held, end: Held): Row[] {
  const growth = (what: keyof Held, unit: string, most: number): Row => ({
    figure: `growth of the daemon's ${what} in the last ${starts / 2} of ${starts} starts`,
    gantry: end[what] - half[what],
    unit,
    bare: null,
    target: `≤ ${most}`,
    reached: end[what] - half[what] <= most,
  });
  return [
    growth("memory", "MiB", 8),
    growth("descriptors", "", 0),
    { ...growth("zombies", "", 0), figure: `zombies after ${starts} starts`, gantry: end.zombies },
  ];
}

export const bench: Bench = {
  name: "starts",
  what: "what 10,000 starts leave behind in the daemon",
  run: ({ quick, note }) =>
    withGantry(async (gantry) => {
      const rounds = quick ? 50 : 500;
      await addSleepers(gantry, 0, APPS);
      const pid = await gantry.daemonPid();
      let half: Held | undefined;
      for (let i = 1; i <= rounds; i++) {
        await round(gantry);
        if (i === rounds / 2) half = await held(pid);
        if (i % 50 === 0) note(`  ${i * APPS} starts: ${JSON.stringify(await held(pid))}`);
      }
      if ((await gantry.daemonPid()) !== pid) throw new Error("the daemon was replaced meanwhile");
      const end = await held(pid);
      return rows(rounds * APPS, half ?? end, end);
    }),
};
