// Promise 7: starts leave neither zombies nor descriptors behind (`npm run soak -- starts` makes 10,000 of them, and looks at memory).
import { expect, test } from "vitest";
import { descriptorsOf, zombiesOf } from "../helpers/processes.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { until } from "../helpers/until.ts";

const APPS = 20;
const ROUNDS = 15;

test("300 starts leave the daemon with what it had before", async () => {
  const gantry = await startGantry();
  const names = Array.from({ length: APPS }, (_, index) => `app-${index}`);
  const app = { run: "sleep 100000", path: gantry.folder, port: "none" };
  await gantry.up(Object.fromEntries(names.map((name) => [name, app])));
  const all = (state: string) =>
    until(`all apps to be ${state}`, async () => {
      const list = await gantry.api("GET", "/api/apps?fields=state&limit=100");
      return list.json<{ apps: { state: string }[] }>().apps.every((one) => one.state === state);
    });
  const round = async () => {
    await gantry.api("POST", "/api/apps/start-all", {});
    await all("running");
    await gantry.api("POST", "/api/apps/stop-all", {});
    await all("stopped");
  };
  const daemon = await gantry.daemonPid();
  await round();
  const before = descriptorsOf(daemon);
  for (let i = 1; i < ROUNDS; i++) await round();
  await until("zombies and descriptors to be gone", () => {
    const [zombies, descriptors] = [zombiesOf(daemon), descriptorsOf(daemon)];
    if (zombies > 0 || descriptors > before) throw new Error(`${zombies} and ${descriptors} of ${before}`);
    return true;
  });
  expect(await gantry.daemonPid()).toBe(daemon);
});
