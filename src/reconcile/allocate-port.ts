// Gives out automatic ports: free in the ledger and on the machine, never the same one twice.
import type { Context } from "../context.ts";
import { composePortsOf } from "../domain/compose-ports-of.ts";
import { GantryError } from "../domain/errors.ts";
import { canListen } from "../lib/can-listen.ts";
import type { WorkingState } from "./working-state.ts";

/**
 * A port from the range that no instance, fixed setting, compose file or forward claims and that no program listens on. It stays
 * reserved until `release` is called: when the caller's own claim is stored, or given up. Throws
 * `engine-unavailable` when the range is used up.
 */
export async function allocatePort(
  context: Context,
  { reservedPorts }: WorkingState,
): Promise<{ port: number; release: () => void }> {
  const { first, last } = context.settings.portRange;
  const claimed = claimedPorts(context);
  const size = last - first + 1;
  const start = Math.max(first, newestPort(context) + 1) - first;
  for (let i = 0; i < size; i++) {
    const port = first + ((start + i) % size);
    if (claimed.has(port) || reservedPorts.has(port)) continue;
    reservedPorts.add(port);
    // Trying is 50 times as fast as reading the kernel's table of sockets, and this is on the way to every restart.
    if (await canListen(port)) return { port, release: () => reservedPorts.delete(port) };
    reservedPorts.delete(port);
  }
  throw new GantryError("engine-unavailable", {
    engine: "process",
    reason: `all ports from ${first} to ${last} are in use`,
  });
}

/** Every port that Gantry or one of its apps has a claim on. */
function claimedPorts(context: Context): Set<number> {
  const { settings, store } = context;
  const claimed = new Set([settings.port, settings.httpPort, settings.httpsPort]);
  for (const instance of store.instances.all())
    if (instance.endedAt === null && instance.port !== null) claimed.add(instance.port);
  for (const app of store.apps.all()) {
    if (app.deletedAt === null && typeof app.config.port === "number") claimed.add(app.config.port);
    if (app.deletedAt === null) for (const port of composePortsOf(store, app)) claimed.add(port);
    const forward = store.getMeta(`forward:${app.id}`);
    if (forward !== undefined) claimed.add(Number(forward));
  }
  return claimed;
}

/** Ports are given out in turn, so that a freed one rests before somebody else gets it. */
function newestPort({ store, settings }: Context): number {
  const { first, last } = settings.portRange;
  let newest = { createdAt: 0, port: 0 };
  for (const { createdAt, port } of store.instances.all())
    if (port !== null && createdAt >= newest.createdAt && port >= first && port <= last)
      newest = { createdAt, port };
  return newest.port;
}
