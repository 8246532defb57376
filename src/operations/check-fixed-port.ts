// Is the port that an app insists on free?
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { GantryError } from "../domain/errors.ts";
import { holderOf, type Listener, listListeners } from "../lib/sockets.ts";

/** Before a start: throws `port-taken` when the app's fixed port is in use by somebody else. */
export function checkFixedPort(context: Context, app: App): void {
  const { port } = app.config;
  if (typeof port !== "number") return;
  const listener = listListeners()?.find((one) => one.port === port && concerns(one, app.config.host));
  if (listener === undefined) return;
  const own = ownerOf(context, port);
  if (own?.id === app.id) return;
  const holder = own === undefined ? describeHolder(listener) : `used by ${own.name}`;
  throw new GantryError("port-taken", {
    port,
    app: app.name,
    holder,
    field: "port",
    hint: `Stop that program, or choose another port: gantry config ${app.name} port=auto. --force starts it all the same.`,
  });
}

/** Would a listener there get the connections that are meant for `host`? */
const concerns = (listener: Listener, host: string): boolean =>
  listener.address === host || listener.address === "0.0.0.0" || listener.address === "::";

function ownerOf({ store }: Context, port: number): App | undefined {
  for (const row of store.instances.all())
    if (row.port === port && row.endedAt === null) return store.apps.get(row.appId);
  return undefined;
}

/** "held by python3 (pid 12)", as far as it can be seen. */
export function describeHolder(listener: Listener): string {
  const holder = holderOf(listener);
  return holder === null ? "held by another program" : `held by ${holder.command} (pid ${holder.pid})`;
}
