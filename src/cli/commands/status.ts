// `gantry status`: everything one wants to know about an app, or about Gantry itself.

import { harmless } from "../../lib/harmless-text.ts";
import { command } from "../command.ts";
import { describeApp } from "../describe-app.ts";
import { ago, size } from "../quantity.ts";
import type { Session } from "../session.ts";

export default command({
  arguments: [{ name: "app", summary: "default: Gantry itself", complete: "app" }],
  options: {},
  examples: [
    { line: "gantry status notes", what: "one app" },
    { line: "gantry status", what: "the daemon" },
  ],
  async run({ args: [id] }, session) {
    const { out } = session;
    if (id === undefined) return showSystem(session);
    const daemon = session.daemon();
    const params = { id };
    const [app, config, { deployments }] = await Promise.all([
      daemon.request("GET", "/api/apps/{id}/status", { params }),
      daemon.request("GET", "/api/apps/{id}/config", { params }),
      daemon.request("GET", "/api/deployments", { query: { app: id, limit: 1 } }),
    ]);
    const [latest = null] = deployments;
    if (out.json) out.document(app);
    else if (out.quiet) out.print(app.state);
    else for (const line of describeApp(app, { config, latest }, out.paint, Date.now())) out.verbatim(line);
  },
});

async function showSystem(session: Session): Promise<void> {
  const { out } = session;
  const system = await session.daemon().request("GET", "/api/system");
  if (out.json) return out.document(system);
  if (out.quiet) return out.print("running");
  const states = Object.entries(system.apps.byState).map(([state, count]) => `${count} ${state}`);
  out.print(
    `daemon    ${out.paint("running", "green")}, started ${ago(system.startedAt, Date.now())}, pid ${system.pid}`,
  );
  out.print(`version   ${system.version}, ${size(system.memoryBytes)} of memory`);
  out.print(`home      ${harmless(system.home)}`);
  out.print(`apps      ${system.apps.total}${states.length > 0 ? `: ${states.join(", ")}` : ""}`);
  const edge = system.edge.connected ? out.paint("running", "green") : out.paint("not connected", "red");
  out.print(`edge      ${edge}, port ${system.edge.port}`);
  for (const { name, available, tier, reason } of system.engines)
    out.print(`engine    ${name}: ${harmless(available ? tier : (reason ?? "can't be used"))}`);
  out.print(`database  ${system.store.ok ? "sound" : harmless(system.store.reason ?? "not writable")}`);
}
