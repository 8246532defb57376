// May this daemon use the edge's port? Asked once, before anything is started.
import type { Context } from "../context.ts";
import type { Engine } from "../domain/engine.ts";
import { GantryError } from "../domain/errors.ts";
import type { Handle } from "../domain/instance.ts";
import { type Listener, listListeners } from "../lib/sockets.ts";
import { describeHolder } from "./check-fixed-port.ts";

/**
 * The port must be free, or held by an edge of this home. Where apps are alive that would be left unsupervised, a
 * stranger on the port is only warned of: the edge comes as soon as the port is free. Else throws `address-in-use`.
 */
export async function checkEdgePort(context: Context): Promise<void> {
  const { httpPort } = context.settings;
  const listener = listListeners()?.find((one) => one.port === httpPort);
  if (listener === undefined || (await isOurs(context, httpPort))) return;
  if (!hasLiving(context)) throw takenBy(listener, httpPort);
  const { message } = takenBy(listener, httpPort);
  context.log.warn(`${message}: apps are supervised, but have no URL until it is free`);
}

async function isOurs({ store, engines }: Context, port: number): Promise<boolean> {
  for (const row of store.instances.all())
    if (row.endedAt === null && row.handle !== null && owns(engines[row.engine], row.id, row.handle, port))
      return true;
  // After a return to an older copy of the database the living edge is in no row; its mark tells all the same.
  for (const engine of Object.values(engines)) {
    const { orphans } = await engine.adopt([]);
    for (const [id, handle] of orphans) if (owns(engine, id, handle, port)) return true;
  }
  return false;
}

const owns = (engine: Engine | undefined, id: string, handle: Handle, port: number): boolean =>
  engine?.portOwner(id, handle, "127.0.0.1", port) === "own";

const hasLiving = ({ store, engines }: Context): boolean =>
  [...store.instances.all()].some(
    (row) =>
      row.endedAt === null &&
      row.handle !== null &&
      engines[row.engine]?.inspect(row.id, row.handle).status === "running",
  );

const takenBy = (listener: Listener, port: number): GantryError =>
  new GantryError("address-in-use", {
    address: `Port ${port}`,
    setting: "GANTRY_HTTP_PORT",
    holder: describeHolder(listener),
  });
