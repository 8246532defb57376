// Finds out whether what an app wants to have (name, hosts, port) belongs to another one.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { GantryError } from "../domain/errors.ts";
import { hostsOf } from "../domain/hosts-of.ts";
import { listApps } from "./find-app.ts";

/** Throws `name-taken`, `host-taken`, `port-taken` with both sides. `app` itself does not count; `more` are yet to be stored. */
export function checkClaims(context: Context, app: App, more: App[] = []): void {
  const { settings } = context;
  const port = app.config.port;
  const hosts = new Set(hostsOf(context.settings.domain, app));
  for (const [own, setting] of [
    [settings.port, "API"],
    [settings.httpPort, "edge"],
    [settings.httpsPort, "edge"],
  ] as const)
    if (port === own)
      throw new GantryError("port-taken", {
        port,
        app: app.name,
        holder: `Gantry's own (${setting})`,
        field: "port",
        hint: "Choose another port, or auto.",
      });
  const ids = new Set(more.map((one) => one.id));
  for (const other of [...more, ...listApps(context).filter((one) => !ids.has(one.id))]) {
    if (other.id === app.id) continue;
    if (other.name === app.name) throw new GantryError("name-taken", { name: app.name, field: "name" });
    const host = hostsOf(context.settings.domain, other).find((one) => hosts.has(one));
    if (host !== undefined) throw new GantryError("host-taken", { host, app: other.name, field: "domains" });
    if (typeof port === "number" && other.config.port === port)
      throw new GantryError("port-taken", {
        port,
        app: app.name,
        holder: `claimed by ${other.name}`,
        field: "port",
        hint: `Choose another port, or auto; or free it: gantry config ${other.name} port=auto`,
      });
  }
}
