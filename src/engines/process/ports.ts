// Whose port is it? Sockets of the machine compared with those that an instance's own processes hold.
import type { PortOwner } from "../../domain/engine.ts";
import { listenersFor, listListeners, readListeners, socketInodes } from "../../lib/sockets.ts";

/** Addresses under which people listen, and the one that a client on this machine connects to. */
const REACHED_BY: Record<string, string> = { "0.0.0.0": "127.0.0.1", "::": "::1", localhost: "127.0.0.1" };

export function ownerOfPort(members: () => number[], host: string, port: number): PortOwner {
  const all = readListeners();
  if (all === null) return "unknown";
  const listeners = listenersFor(all, REACHED_BY[host] ?? host, port);
  if (listeners.length === 0) return "none";
  const held = inodesOf(members());
  // Sockets that share an address share its connections: one foreign socket among them spoils it.
  if (listeners.every((one) => held.inodes.has(one.inode))) return "own";
  return held.complete ? "stranger" : "unknown";
}

export function portsOf(members: () => number[]): number[] {
  const all = listListeners();
  if (all.length === 0) return [];
  const { inodes } = inodesOf(members());
  const ports = new Set(all.filter((one) => inodes.has(one.inode)).map((one) => one.port));
  return [...ports].sort((one, other) => one - other);
}

function inodesOf(pids: number[]): { inodes: Set<number>; complete: boolean } {
  const inodes = new Set<number>();
  let complete = true;
  for (const pid of pids) {
    const own = socketInodes(pid);
    if (own === null) complete = false;
    for (const inode of own ?? []) inodes.add(inode);
  }
  return { inodes, complete };
}
