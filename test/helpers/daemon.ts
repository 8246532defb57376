// What tests do to the daemon itself: kill it, stop it, start it.
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Gantry } from "./gantry.ts";
import { isAlive, signal } from "./processes.ts";
import { until } from "./until.ts";

/** Ends the daemon with -9 and returns when its successor answers (the keeper starts it). */
export async function killDaemon(gantry: Gantry): Promise<{ before: number; after: number }> {
  const before = await gantry.daemonPid();
  signal(before, "SIGKILL");
  const after = await until("the next daemon", async () => {
    const pid = await gantry.daemonPid();
    return pid !== before && pid;
  });
  return { before, after };
}

/** Asks the daemon to end. Its apps go on, nobody starts it again. */
export async function stopDaemon(gantry: Gantry): Promise<void> {
  const pid = await gantry.daemonPid();
  signal(pid, "SIGTERM");
  await until("the daemon to end", () => !isAlive(pid));
}

const PROGRAM = join(import.meta.dirname, "..", "..", "bin", "gantry");

/** `gantry serve`, left running; returns its PID when it answers. */
export async function serve(gantry: Gantry, program = PROGRAM): Promise<number> {
  const child = spawn(process.execPath, [program, "serve"], {
    cwd: gantry.folder,
    env: gantry.env,
    stdio: "ignore",
    detached: true,
  });
  child.unref();
  return until("the daemon to answer", gantry.daemonPid);
}

/** The PID of the edge itself, not of its shim; undefined while there is none. */
export const edgePid = (gantry: Gantry): number | undefined =>
  gantry.processes().find(({ command }) => /^\S*node \S*dist\/edge\.js$/.test(command))?.pid;
