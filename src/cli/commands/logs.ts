// `gantry logs`: what apps print.
import { harmless } from "../../lib/harmless-text.ts";
import { namedApps } from "../app-arguments.ts";
import { command } from "../command.ts";
import { linePrinter } from "../line-printer.ts";
import { followLogs, readLogs } from "../log-source.ts";
import { oneLine } from "../one-line.ts";
import { onInterrupt } from "../progress.ts";
import type { Session } from "../session.ts";

const DEFAULT_TAIL = 100;

export default command({
  description:
    "Output is kept on disk, across crashes of the app and of the daemon. Escape sequences but colours are taken out, so that no app can play with your terminal.",
  arguments: [
    {
      name: "app",
      summary: "its name; several are possible; default: all apps",
      many: true,
      complete: "app",
    },
  ],
  options: {
    follow: { type: "flag", short: "f", summary: "go on with new lines until Ctrl-C" },
    tail: {
      type: "number",
      short: "n",
      value: "lines",
      min: 0,
      max: 1_000_000,
      summary: `the last lines of each app; default: ${DEFAULT_TAIL}, or all with --since`,
    },
    since: {
      type: "moment",
      short: "s",
      value: "time",
      summary: "only what is newer: 10m, 2h or a time in ISO 8601",
    },
    instance: { type: "text", value: "id", summary: "only this run of the app" },
    grep: {
      type: "text",
      short: "g",
      value: "text",
      summary: "only lines with this text, or /regular expression/",
    },
  },
  examples: [
    { line: "gantry logs -f", what: "all apps, live" },
    { line: "gantry logs notes --since 10m --grep error", what: "search" },
    { line: "gantry logs notes --json", what: "one JSON document per line" },
  ],
  async run({ args, options }, session) {
    const { out } = session;
    const apps = await namedApps(args, args.length === 0, session);
    const tail = options.tail ?? (options.since === undefined ? DEFAULT_TAIL : undefined);
    const names = apps.map(({ name }) => name);
    const query = {
      ...(args.length > 0 && { app: names }),
      ...(tail !== undefined && { tail }),
      ...(options.since !== undefined && { since: new Date(options.since).toISOString() }),
      ...(options.instance !== undefined && { instance: options.instance }),
      ...(options.grep !== undefined && { grep: options.grep }),
    };
    onInterrupt(out, "");
    const show = linePrinter(out, args.length === 0 || apps.length > 1 ? names : []);
    let shown = 0;
    for await (const lines of options.follow ? followLogs(session, query) : readLogs(session, query)) {
      show(lines);
      shown += lines.length;
    }
    const [only, ...others] = names;
    const filtered = [options.since, options.instance, options.grep].some((given) => given !== undefined);
    if (shown === 0 && only !== undefined && others.length === 0 && !filtered && tail !== 0)
      await tellWhyNothing(only, session);
  },
});

/** An app whose build failed never ran: then what the build printed is what is looked for. */
async function tellWhyNothing(name: string, session: Session): Promise<void> {
  const { out } = session;
  if (out.json) return;
  const app = await session.daemon().request("GET", "/api/apps/{id}/status", { params: { id: name } });
  const why = app.reason === null ? "" : `: ${oneLine(app.reason)}`;
  out.note(`${harmless(name)} has printed nothing${why}${app.lastLines.length > 0 ? "\nIts build:" : ""}`);
  for (const line of app.lastLines) out.verbatim(harmless(line));
}
