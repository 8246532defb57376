// Gives out automatic ports: free in the ledger and on the machine, never the same one twice.
import type { Context } from "../context.ts";
import { GantryError } from "../domain/errors.ts";
import { listListeners } from "../lib/sockets.ts";

/**
 * A port from the range that no instance, fixed setting or forward claims and that no program listens on. The caller
 * stores its claim before it lets go of the thread, so parallel requests never get the same one.
 * Throws `engine-unavailable` when the range is used up.
 */
export function allocatePort(context: Context): number {
  const { first, last } = context.settings.portRange;
  const claimed = claimedPorts(context);
  for (const listener of listListeners() ?? []) claimed.add(listener.port);
  const size = last - first + 1;
  const start = Math.max(first, newestPort(context) + 1) - first;
  for (let i = 0; i < size; i++) {
    const port = first + ((start + i) % size);
    if (!claimed.has(port)) return port;
  }
  throw new GantryError("engine-unavailable", {
    engine: "process",
    reason: `all ports from ${first} to ${last} are in use`,
  });
}

/** Every port that Gantry or one of its apps has a claim on. */
export function claimedPorts(context: Context): Set<number> {
  const { settings, store } = context;
  const claimed = new Set([settings.port, settings.httpPort, settings.httpsPort]);
  for (const instance of store.instances.all())
    if (instance.endedAt === null && instance.port !== null) claimed.add(instance.port);
  for (const app of store.apps.all()) {
    if (app.deletedAt === null && typeof app.config.port === "number") claimed.add(app.config.port);
    const forward = store.getMeta(`forward:${app.id}`);
    if (forward !== undefined) claimed.add(Number(forward));
  }
  return claimed;
}

/** Ports are given out in turn, so that a freed one rests before somebody else gets it. */
function newestPort({ store, settings }: Context): number {
  let newest = { createdAt: 0, port: 0 };
  for (const { createdAt, port } of store.instances.all())
    if (
      port !== null &&
      createdAt >= newest.createdAt &&
      port >= settings.portRange.first &&
      port <= settings.portRange.last
    )
      newest = { createdAt, port };
  return newest.port;
}
