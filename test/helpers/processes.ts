// Looks at the process table: who lives, who belongs to a home under test, and ends them by PID.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { until } from "./until.ts";

export interface Process {
  pid: number;
  parent: number;
  command: string;
}

const text = (path: string): string => {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
};

const target = (path: string): string => {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
};

/** False for zombies. */
export function isAlive(pid: number): boolean {
  const state = /^\d+ \(.*\) (\S)/s.exec(text(`/proc/${pid}/stat`))?.[1];
  return state !== undefined && state !== "Z" && state !== "X";
}

export function allProcesses(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter(isAlive)
    .map((pid) => ({
      pid,
      parent: Number(/^\d+ \(.*\) \S (\d+)/s.exec(text(`/proc/${pid}/stat`))?.[1] ?? 0),
      command: text(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim(),
    }));
}

/** How many ended children of a process it has not yet taken notice of. */
export const zombiesOf = (parent: number): number =>
  readdirSync("/proc").filter((name) =>
    new RegExp(`^\\d+ \\(.*\\) Z ${parent} `, "s").test(text(`/proc/${name}/stat`)),
  ).length;

/** How many files, sockets and pipes a process holds open. */
export const descriptorsOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

/** All living processes with `home` in their environment or command line, or whose output goes to a file below it. */
export function processesOf(home: string): Process[] {
  return allProcesses().filter(({ pid, command }) => {
    if (pid === process.pid) return false;
    if (command.includes(home) || text(`/proc/${pid}/environ`).includes(home)) return true;
    return [1, 2].some((fd) => target(`/proc/${pid}/fd/${fd}`).startsWith(`${home}/`));
  });
}

/** One variable of a process's environment, as it was started with. */
export function environmentOf(pid: number, name: string): string | null {
  const entry = text(`/proc/${pid}/environ`)
    .split("\0")
    .find((each) => each.startsWith(`${name}=`));
  return entry?.slice(name.length + 1) ?? null;
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {}
}

/** Ends everything that belongs to `home`, also what is started meanwhile. */
export async function endAllOf(home: string): Promise<void> {
  await until(`the processes of ${home} to end`, () => {
    const left = processesOf(home);
    for (const { pid } of left) signal(pid, "SIGKILL");
    return left.length === 0;
  });
}
