// `gantry ls`: all apps, one line each.

import { harmless } from "../../lib/harmless-text.ts";
import { APP_COLUMNS, appRows, complaints, LISTED_FIELDS, markedApps } from "../app-table.ts";
import { command } from "../command.ts";
import { listApps, listFull } from "../list-apps.ts";

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
    const apps = await listApps(daemon, LISTED_FIELDS);
    if (out.quiet)
      return void (apps.length > 0 && out.print(apps.map(({ name }) => harmless(name)).join("\n")));
    if (apps.length === 0)
      return out.note("There are no apps yet. gantry up registers and starts the folder you are in.");
    const now = Date.now();
    await out.table(APP_COLUMNS, appRows(apps, now));
    for (const line of complaints(apps, now)) out.note(line);
    const marked = markedApps(apps);
    if (marked !== null) out.note(marked);
  },
});
