// A shell of Gantry's own: in a session of its own, with a line over which the daemon says when to go on.
import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";

export interface Shell {
  child: ChildProcess;
  pid: number;
  /** The shell's descriptor 3. It closes when the shell lets go of it, or dies; and for the shell when this process dies. */
  line: Socket;
}

export interface ShellPlace {
  cwd: string;
  env: Record<string, string>;
  out: number | "ignore";
  err: number | "ignore";
}

/** Runs `/bin/sh` with `args`. Throws when the system starts no further process. */
export function startShell(args: string[], { cwd, env, out, err }: ShellPlace): Shell {
  const child = spawn("/bin/sh", args, { cwd, env, detached: true, stdio: ["ignore", out, err, "pipe"] });
  // Node tells why only later; without a listener it would be thrown.
  child.on("error", () => {});
  if (child.pid === undefined) throw new Error("no process was started");
  child.unref();
  const line = child.stdio[3] as Socket;
  // What is written to a shell that just died is lost with it; its end is told by the child.
  line.on("error", () => {}).resume();
  line.unref();
  return { child, pid: child.pid, line };
}
