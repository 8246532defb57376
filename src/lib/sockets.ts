// Listening TCP sockets of this machine and who holds them (/proc/net/tcp, proc_pid_fd(5)).
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { listProcessIds, readCommandLine, readProcess } from "./processes.ts";

export interface Listener {
  port: number;
  /** As Node writes it: `127.0.0.1`, `0.0.0.0`, `::1`, `::`. */
  address: string;
  family: "IPv4" | "IPv6";
  inode: number;
  /** User id of the owner of the socket. */
  uid: number;
}

/** Asked more often than this, the answer is shared: the kernel takes 10 ms to write it. */
const FRESH_MS = 5;
const LISTEN = "0A";

let shared: Listener[] | null = null;
let sharedAt = Number.NEGATIVE_INFINITY;

/** All sockets that listen now (at most 5 ms ago); none where the system does not tell. */
export const listListeners = (): Listener[] => readListeners() ?? [];

/** The same, at most `maxAgeMs` ago; null where the system does not tell. */
export function readListeners(maxAgeMs: number = FRESH_MS): Listener[] | null {
  const now = performance.now();
  if (now - sharedAt < maxAgeMs) return shared;
  const four = readTable("/proc/net/tcp", "IPv4");
  const six = readTable("/proc/net/tcp6", "IPv6");
  shared = four === null ? null : four.concat(six ?? []);
  sharedAt = now;
  return shared;
}

/**
 * The listeners that a connection to `host` and `port` can reach. The kernel gives it to the most specific one: an exact
 * address wins over 0.0.0.0, and that over `::`. Several only where they share one address (SO_REUSEPORT).
 */
export function listenersFor(listeners: Listener[], host: string, port: number): Listener[] {
  const candidates = listeners.filter((one) => one.port === port);
  const wildcards = host.includes(":") ? ["::"] : ["0.0.0.0", "::"];
  const mapped = host.includes(":") ? [] : [`::ffff:${host}`];
  for (const address of [[host, ...mapped], ...wildcards.map((one) => [one])]) {
    const found = candidates.filter((one) => address.includes(one.address));
    if (found.length > 0) return found;
  }
  return [];
}

/**
 * The inodes of all sockets that a process has open, each with its path under /proc; null when it may not be looked
 * into, empty when it is gone.
 */
export function socketInodes(pid: number): Map<number, string> | null {
  const folder = `/proc/${pid}/fd`;
  const inodes = new Map<number, string>();
  try {
    for (const fd of readdirSync(folder)) {
      const inode = socketInode(`${folder}/${fd}`);
      if (inode !== null) inodes.set(inode, `${folder}/${fd}`);
    }
    return inodes;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "EACCES" || code === "EPERM" ? null : inodes;
  }
}

/** The process that holds the socket; null when it can't be seen. Looks through all processes: only on demand. */
export function holderOf(listener: Listener): { pid: number; command: string } | null {
  for (const pid of listProcessIds()) {
    if (socketInodes(pid)?.has(listener.inode) !== true) continue;
    const words = readCommandLine(pid);
    return { pid, command: words.length > 0 ? words.join(" ") : (readProcess(pid)?.name ?? "") };
  }
  return null;
}

/** Of the socket behind a path like `/proc/12/fd/3`; null when it is none, or closed. */
export function socketInode(path: string): number | null {
  try {
    const target = readlinkSync(path);
    return target.startsWith("socket:[") ? Number(target.slice(8, -1)) : null;
  } catch {
    return null;
  }
}

function readTable(path: string, family: Listener["family"]): Listener[] | null {
  let text: string;
  try {
    text = readFileSync(path, "latin1");
  } catch {
    return null;
  }
  const listeners: Listener[] = [];
  for (const line of text.split("\n")) {
    // Columns: slot, local address, remote address, state, queues, timers, retransmits, uid, time-out, inode.
    if (!line.includes(` ${LISTEN} `)) continue;
    const columns = line.trim().split(/\s+/);
    const [local = "", port = ""] = (columns[1] ?? "").split(":");
    if (columns[3] !== LISTEN) continue;
    listeners.push({
      port: Number.parseInt(port, 16),
      address: family === "IPv4" ? fourFromHex(local) : sixFromHex(local),
      family,
      inode: Number(columns[9]),
      uid: Number(columns[7]),
    });
  }
  return listeners;
}

/** The kernel prints each 32-bit word in the byte order of the machine: little endian wherever Node runs. */
const bytesOf = (hex: string): number[] =>
  (hex.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)),
  );

const fourFromHex = (hex: string): string => bytesOf(hex).join(".");

function sixFromHex(hex: string): string {
  const bytes = bytesOf(hex);
  if (bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255)
    return `::ffff:${bytes.slice(12).join(".")}`;
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2)
    groups.push((((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16));
  return shorten(groups.join(":"));
}

/** RFC 5952: the longest run of zero groups becomes `::`. */
function shorten(address: string): string {
  const runs = address.match(/(?:^|:)0(?::0)+(?=:|$)/g) ?? [];
  const longest = runs.sort((a, b) => b.length - a.length)[0];
  if (longest === undefined) return address;
  return address
    .replace(longest, ":")
    .replace(/^:(?!:)/, "::")
    .replace(/(?<!:):$/, "::")
    .replace(/:{3,}/, "::");
}
