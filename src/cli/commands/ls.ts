// `gantry ls`: all apps, one line each.

import { harmless } from "../../lib/harmless-text.ts";
import { APP_COLUMNS, appRows, complaints } from "../app-table.ts";
import { command } from "../command.ts";

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
    // People see a few columns; programs get all there is.
    const query = { view: out.json ? "full" : "summary", limit: 10_000 } as const;
    const { apps } = await session.daemon().request("GET", "/api/apps", { query });
    if (out.json) return void out.document({ apps });
    if (out.quiet)
      return void (apps.length > 0 && out.print(apps.map(({ name }) => harmless(name)).join("\n")));
    if (apps.length === 0)
      return out.note("There are no apps yet. gantry up registers and starts the folder you are in.");
    const now = Date.now();
    await out.table(APP_COLUMNS, appRows(apps, now));
    for (const line of complaints(apps, now)) out.note(line);
  },
});
