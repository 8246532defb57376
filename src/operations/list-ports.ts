// Who has which port on this machine: apps, Gantry itself, strangers.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { PortView } from "../domain/app-view.ts";
import { composePortsOf } from "../domain/compose-ports-of.ts";
import { holderOf, type Listener, listListeners } from "../lib/sockets.ts";
import { describeHolder } from "./check-fixed-port.ts";

/** The ports of one app, or of all; with `all` also what strangers listen on. By number. */
export function listPorts(context: Context, { app, all }: { app?: App; all?: boolean } = {}): PortView[] {
  const listeners = listListeners() ?? [];
  const ledger = [...claims(context)];
  const byPort = Map.groupBy(ledger, ({ port }) => port);
  const rows = ledger.filter((row) => app === undefined || row.app === app.name);
  const views = rows.map((row) => {
    const view = withHolder(context, row, listeners);
    return { ...view, conflict: view.conflict ?? composeConflict(row, byPort.get(row.port) ?? []) };
  });
  if (all === true && app === undefined)
    views.push(...strangers(listeners, new Set(rows.map((row) => row.port))));
  return views.sort((a, b) => a.port - b.port);
}

type Claim = Pick<PortView, "port" | "kind" | "app" | "instanceId">;

function* claims({ settings, store }: Context): Iterable<Claim> {
  yield { port: settings.port, kind: "gantry", app: null, instanceId: null };
  const seen = new Set<string>();
  for (const row of store.instances.all()) {
    const app = store.apps.get(row.appId);
    if (row.endedAt !== null || row.port === null || app === undefined) continue;
    seen.add(`${app.id}:${row.port}`);
    yield {
      port: row.port,
      kind: app.system ? "gantry" : "app",
      app: app.system ? null : app.name,
      instanceId: row.id,
    };
  }
  for (const app of store.apps.all()) {
    if (app.deletedAt !== null || app.system) continue;
    const { port } = app.config;
    if (typeof port === "number" && !seen.has(`${app.id}:${port}`))
      yield { port, kind: "fixed", app: app.name, instanceId: null };
    const forward = store.getMeta(`forward:${app.id}`);
    if (forward !== undefined)
      yield { port: Number(forward), kind: "forward", app: app.name, instanceId: null };
    for (const composePort of composePortsOf(store, app))
      yield { port: composePort, kind: "compose", app: app.name, instanceId: null };
  }
}

function withHolder(context: Context, claim: Claim, listeners: Listener[]): PortView {
  const here = listeners.filter((one) => one.port === claim.port);
  const [first] = here;
  if (first === undefined) return { ...claim, holder: null, conflict: null };
  const holder = {
    ...(holderOf(first) ?? { pid: null, command: null }),
    addresses: here.map((one) => one.address),
  };
  return { ...claim, holder, conflict: conflictOf(context, claim, first) };
}

function conflictOf({ engines, store }: Context, claim: Claim, listener: Listener): string | null {
  const row = claim.instanceId === null ? undefined : store.instances.get(claim.instanceId);
  if (row?.handle == null || row.port === null)
    return claim.kind === "fixed" ? `${claim.app} wants it, but it is ${describeHolder(listener)}` : null;
  const owner = engines[row.engine]?.portOwner(row.id, row.handle, row.host, row.port);
  return owner === "stranger"
    ? `${claim.app} should listen here, but it is ${describeHolder(listener)}`
    : null;
}

/** A port that one app has or wants, and that the compose file of another one publishes. */
function composeConflict(claim: Claim, samePort: Claim[]): string | null {
  const other = samePort.find(
    ({ app, kind }) => app !== claim.app && (kind === "compose" || claim.kind === "compose"),
  );
  if (other === undefined) return null;
  const [compose, rival] = other.kind === "compose" ? [other, claim] : [claim, other];
  const wayOut = rival.kind === "fixed" ? `; free it: gantry config ${rival.app} port=auto` : "";
  return `${rival.app ?? "Gantry"} has it, but ${compose.app} publishes it with its compose file${wayOut}`;
}

function strangers(listeners: Listener[], claimed: Set<number>): PortView[] {
  const byPort = Map.groupBy(
    listeners.filter((one) => !claimed.has(one.port)),
    (one) => one.port,
  );
  return [...byPort].map(([port, [first, ...rest]]) => ({
    port,
    kind: "stranger",
    app: null,
    instanceId: null,
    holder:
      first === undefined
        ? null
        : {
            ...(holderOf(first) ?? { pid: null, command: null }),
            addresses: [first, ...rest].map((one) => one.address),
          },
    conflict: null,
  }));
}
