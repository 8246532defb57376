// `gantry ports`: who uses which port.
import type { PortView } from "../../domain/app-view.ts";
import { harmless } from "../../lib/harmless-text.ts";
import { command } from "../command.ts";
import type { Cell, Column } from "../table.ts";

const COLUMNS: Column[] = [
  { head: "PORT", align: "right" },
  { head: "APP", shrinkTo: 10 },
  { head: "KIND" },
  { head: "PID", align: "right" },
  { head: "COMMAND", shrinkTo: 16 },
  { head: "ADDRESS", shrinkTo: 9 },
];

export default command({
  arguments: [{ name: "app", summary: "only its ports", complete: "app" }],
  options: { all: { type: "flag", short: "a", summary: "also those that other programs hold" } },
  examples: [
    { line: "gantry ports", what: "of all apps and of Gantry" },
    { line: "gantry ports --all", what: "everything on this machine that listens" },
  ],
  async run({ args, options }, session) {
    const { out } = session;
    const { ports } = await readPorts(args[0], options.all, session);
    if (out.json) return out.document({ ports });
    if (out.quiet) return out.verbatim(ports.map(({ port }) => port).join("\n"));
    if (ports.length === 0) return out.note("No ports are in use.");
    await out.table(COLUMNS, ports.map(row));
    for (const { port, conflict } of ports)
      if (conflict !== null) out.warn(`port ${port}: ${harmless(conflict)}`);
  },
});

function readPorts(
  id: string | undefined,
  all: boolean,
  session: Parameters<Parameters<typeof command>[0]["run"]>[1],
) {
  const daemon = session.daemon();
  if (id !== undefined) return daemon.request("GET", "/api/apps/{id}/ports", { params: { id } });
  return daemon.request("GET", "/api/ports", all ? { query: { all: "true" } } : {});
}

const row = ({ port, app, kind, holder, conflict }: PortView): Cell[] => [
  { text: String(port), colour: conflict === null ? undefined : "yellow" },
  harmless(app ?? "-"),
  { text: kind, colour: kind === "stranger" ? "grey" : undefined },
  String(holder?.pid ?? "-"),
  harmless(holder?.command ?? "-"),
  harmless(holder?.addresses.join(" ") ?? "-"),
];
