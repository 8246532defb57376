// What the kernel tells about processes (proc(5)): identity, ancestry, environment, use of CPU and memory.
import { readdirSync, readFileSync } from "node:fs";

/** One line of the process table. */
export interface ProcessEntry {
  pid: number;
  parent: number;
  group: number;
  session: number;
  /** One letter; Z and X are dead. */
  state: string;
  /** Clock ticks since boot, as text: with the pid and the boot id it names one process for ever. */
  startTime: string;
  /** CPU time with that of reaped children, in milliseconds. */
  cpuMs: number;
  /** The short name of the program. */
  name: string;
}

/** USER_HZ is 100 on every architecture that Node runs on. */
const MS_PER_TICK = 10;
/** Only arm64 and ppc64 have other page sizes in practice; they differ in resident memory alone. */
const PAGE_BYTES = 4096;

let boot: string | null = null;

/** Names this boot of the machine; empty where the system has no such thing. */
export function bootId(): string {
  if (boot === null) boot = (readText("/proc/sys/kernel/random/boot_id") ?? "").trim();
  return boot;
}

/** Can processes be looked at in detail here? */
export const hasProcessTable = (): boolean => readText("/proc/self/stat") !== null;

/** The entry of one process, zombies included; null when there is none. */
export function readProcess(pid: number): ProcessEntry | null {
  const text = readText(`/proc/${pid}/stat`);
  if (text === null) return null;
  // The name stands in parentheses and may itself hold spaces and parentheses.
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  const fields = text.slice(close + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14]);
  return {
    pid,
    name: text.slice(open + 1, close),
    state: fields[0] ?? "X",
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    startTime: fields[19] ?? "",
    cpuMs: ticks * MS_PER_TICK,
  };
}

/** Memory in use, 0 when it is gone. From statm: the kernel only estimates the figure in stat. */
export const residentBytes = (pid: number): number =>
  Number((readText(`/proc/${pid}/statm`) ?? "").split(" ")[1] ?? 0) * PAGE_BYTES;

export const isDead = (entry: ProcessEntry): boolean => entry.state === "Z" || entry.state === "X";

/** The ids of all processes that can be seen. */
export function listProcessIds(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => name.charCodeAt(0) >= 49 && name.charCodeAt(0) <= 57)
      .map(Number);
  } catch {
    return [];
  }
}

/** All living processes. */
export function listProcesses(): ProcessEntry[] {
  const entries: ProcessEntry[] = [];
  for (const pid of listProcessIds()) {
    const entry = readProcess(pid);
    if (entry !== null && !isDead(entry)) entries.push(entry);
  }
  return entries;
}

/**
 * The environment that the process was started with, each variable between two NULs ("\0A=1\0B=2\0"), as latin1 text;
 * null when it is gone or not ours to read.
 */
export function readEnvironment(pid: number): string | null {
  const text = readText(`/proc/${pid}/environ`);
  return text === null ? null : `\0${text}`;
}

/** The value of one variable in the result of `readEnvironment`. */
export function variableOf(environment: string, name: string): string | undefined {
  const at = environment.indexOf(`\0${name}=`);
  if (at < 0) return undefined;
  const from = at + name.length + 2;
  const end = environment.indexOf("\0", from);
  return environment.slice(from, end < 0 ? undefined : end);
}

/** The words of the command line; empty for kernel threads and what is gone. */
export function readCommandLine(pid: number): string[] {
  const text = readText(`/proc/${pid}/cmdline`);
  return text === null || text === "" ? [] : text.replace(/\0$/, "").split("\0");
}

/** The first child of a process; null when it has none. */
export function firstChild(pid: number): number | null {
  const children = readText(`/proc/${pid}/task/${pid}/children`);
  if (children !== null) return Number.parseInt(children, 10) || null;
  // Kernels without CONFIG_PROC_CHILDREN.
  return listProcesses().find((entry) => entry.parent === pid)?.pid ?? null;
}

/** `roots` and all that descends from them or shares a session with them, among `entries`. */
export function withRelatives(entries: ProcessEntry[], roots: Iterable<number>): Set<number> {
  const found = new Set(roots);
  const sessions = new Set<number>();
  for (const entry of entries) if (found.has(entry.pid)) sessions.add(entry.session);
  for (let grew = found.size > 0; grew; ) {
    grew = false;
    for (const entry of entries) {
      if (found.has(entry.pid)) continue;
      if (!found.has(entry.parent) && !sessions.has(entry.session)) continue;
      found.add(entry.pid);
      sessions.add(entry.session);
      grew = true;
    }
  }
  return found;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return null;
  }
}

/** The process id that was given out last (proc_loadavg(5)); null where the system does not tell. */
export const newestProcessId = (): number | null =>
  Number((readText("/proc/loadavg") ?? "").split(" ")[4]) || null;

let highest: number | null = null;

/** The number after which process ids begin again (`/proc/sys/kernel/pid_max`). */
export function maxProcessId(): number {
  if (highest !== null) return highest;
  try {
    highest = Number(readFileSync("/proc/sys/kernel/pid_max", "latin1"));
  } catch {
    highest = 32_768;
  }
  return highest;
}
