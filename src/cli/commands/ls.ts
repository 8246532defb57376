// `gantry ls`: all apps, one line each.

import { harmless } from "../../lib/harmless-text.ts";
import { appColumns, complaints, LISTED_FIELDS, markedApps } from "../app-table.ts";
import { command } from "../command.ts";
import { listColumns, listFull } from "../list-apps.ts";

export default command({
  description: "Starts nothing. What it calls running, answers.",
  arguments: [],
  options: {},
  examples: [
    { line: "gantry ls", what: "all apps" },
    { line: "gantry ls --json", what: "for programs" },
    { line: "gantry ls --quiet", what: "names only" },
  ],
  async run(_, session) {
    const { out } = session;
    const daemon = session.daemon();
    // People see a few columns; programs get all there is.
    if (out.json) return out.document({ apps: await listFull(daemon) });
    const apps = await listColumns(daemon, LISTED_FIELDS);
    if (out.quiet)
      return void (apps.name.length > 0 && out.print(apps.name.map((name) => harmless(name)).join("\n")));
    if (apps.name.length === 0)
      return out.note("There are no apps yet. gantry up registers and starts the folder you are in.");
    const now = Date.now();
    await out.longTable(appColumns(apps, now));
    for (const line of complaints(apps, now)) out.note(line);
    const marked = markedApps(apps);
    if (marked !== null) out.note(marked);
  },
});
