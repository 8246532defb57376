// Manifest entries of the fixture apps, and who runs as which app.
import { join } from "node:path";
import type { AppView } from "../../src/domain/app-view.ts";
import { FIXTURES, type Gantry } from "./gantry.ts";
import { environmentOf, type Process } from "./processes.ts";
import { until } from "./until.ts";

/** Checked often, so that tests need not wait. */
const HEALTH = { path: "/health", interval: "500ms", timeout: "5s" };

export const pythonApp = (more: object = {}): object => ({
  path: join(FIXTURES, "python"),
  run: "python3 server.py",
  health: HEALTH,
  ...more,
});

export const nodeApp = (more: object = {}): object => ({
  path: join(FIXTURES, "node"),
  run: `${process.execPath} server.js`,
  health: HEALTH,
  ...more,
});

export const shellApp = (more: object = {}): object => ({
  path: join(FIXTURES, "shell"),
  run: "sh count.sh",
  port: "none",
  ...more,
});

/** The living processes of one app, the shim among them. */
export const processesOfApp = (gantry: Gantry, name: string): Process[] =>
  gantry.processes().filter(({ pid }) => environmentOf(pid, "GANTRY_APP") === name);

/** Waits until the app is in this state, and returns it. */
export const inState = (
  gantry: Gantry,
  name: string,
  state: AppView["state"],
  limitMs?: number,
): Promise<AppView> =>
  until(
    `${name} to be ${state}`,
    async () => {
      const app = await gantry.app(name);
      if (app.state !== state) throw new Error(`it is ${app.state}: ${app.reason}`);
      return app;
    },
    limitMs,
  );
