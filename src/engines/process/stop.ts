// Ends everything that belongs to one instance: asks, waits for news, kills, and does not return before nothing is left.
import type { StopReport } from "../../domain/engine.ts";
import { GantryError } from "../../domain/errors.ts";
import type { Exit } from "../../domain/instance.ts";
import { readCommandLine } from "../../lib/processes.ts";
import { sendSignal, signalNumber } from "../../lib/signals.ts";
import type { Belongings } from "./belongings.ts";
import { isAnyShim } from "./shim.ts";

export interface StopTarget {
  instanceId: string;
  /** Process id of the shim: it only waits and needs no signal. */
  shimPid: number;
  belongings: Belongings;
  /** Is the end of the main process known? */
  mainEnded(): boolean;
  exit(): Exit | null;
  /** Resolves after `ms`, or at once when the main process ends or the caller gives up. */
  news(ms: number): Promise<void>;
}

/** How long KILL may take before people are told. */
const KILL_MS = 900;

const CONTINUE = signalNumber("CONT") ?? 18;

/** Monotonic deadline of the polite part; shortened by a second, more urgent call. */
export interface Deadline {
  at: number;
}

/** Throws `stop-failed` with the processes that would not die. */
export async function stopEverything(
  target: StopTarget,
  signal: number,
  deadline: Deadline,
  abort?: AbortSignal,
): Promise<StopReport> {
  if (await askAndWait(target, signal, deadline, abort)) return { exit: target.exit(), killed: false };
  const until = performance.now() + KILL_MS;
  for (let pause = 1; ; pause = Math.min(pause * 2, 50)) {
    await target.belongings.kill();
    await target.news(pause);
    abort?.throwIfAborted();
    const left = await target.belongings.list();
    if (left.length === 0 && target.mainEnded()) break;
    // Nothing left includes the main process; that the news of it is late (a busy daemon) changes nothing.
    if (performance.now() >= until && left.length === 0) break;
    if (performance.now() >= until) throw notDying(left);
  }
  return { exit: target.exit() ?? { code: null, signal: "KILL" }, killed: true };
}

/** True when all went by itself before the deadline. */
async function askAndWait(
  target: StopTarget,
  signal: number,
  deadline: Deadline,
  abort?: AbortSignal,
): Promise<boolean> {
  let asked = false;
  let pause = 1;
  for (;;) {
    abort?.throwIfAborted();
    const members = await target.belongings.list();
    if (members.length === 0 && target.mainEnded()) return true;
    if (!asked) {
      // Right after a start there is only the shim, or its copy that has not yet become the app and would swallow the
      // signal: it has to wait for the app.
      const others = members.filter((pid) => pid !== target.shimPid);
      asked = others.length > 0 && !others.some((pid) => isAnyShim(readCommandLine(pid)));
      for (const pid of asked ? others : []) sendSignal(pid, signal);
      // A halted process (SIGSTOP) hears nothing before it goes on.
      for (const pid of asked ? others : []) sendSignal(pid, CONTINUE);
      if (asked) pause = 10;
    }
    const left = deadline.at - performance.now();
    if (left <= 0) return false;
    await target.news(Math.min(pause, left));
    pause = Math.min(pause * 2, asked ? 200 : 2);
  }
}

function notDying(left: number[]): GantryError {
  const names = left.slice(0, 5).map((pid) => `${pid} (${readCommandLine(pid)[0] ?? "?"})`);
  const which = `${left.length === 1 ? "process" : "processes"} ${names.join(", ")}`;
  const reason = `${which} did not die, not even of KILL`;
  return new GantryError("stop-failed", { reason });
}
