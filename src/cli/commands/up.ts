// `gantry up`: from folders and manifests to running apps with URLs.
import type { AppView } from "../../domain/app-view.ts";
import { harmless } from "../../lib/harmless-text.ts";
import { appColumns, listedApps } from "../app-table.ts";
import { command } from "../command.ts";
import { linePrinter } from "../line-printer.ts";
import { liveProgress } from "../live-progress.ts";
import { followLogs } from "../log-source.ts";
import { oneLine } from "../one-line.ts";
import { absolutePath } from "../path-argument.ts";
import { onInterrupt, withProgress } from "../progress.ts";
import type { Session } from "../session.ts";
import { deployFailed, didItsWork, isDeploying, isGood, isSettled } from "../settled.ts";
import { watchApps } from "../watch-apps.ts";

export default command({
  description:
    "Starts the daemon when none runs. A folder with a gantry.yaml means its apps; any other folder is one app, and how it runs is found out. Waits until each app is healthy; ends with 1 when one does not get there.",
  arguments: [
    { name: "manifest|folder", summary: "default: the current folder", many: true, complete: "path" },
  ],
  options: { follow: { type: "flag", short: "f", summary: "then show what the apps print, until Ctrl-C" } },
  examples: [
    { line: "gantry up", what: "the app, or the apps, of this folder" },
    { line: "gantry up ~/shop ~/blog", what: "several folders" },
    { line: "gantry up -f", what: "and watch their output" },
  ],
  async run({ args, options }, session) {
    const { out } = session;
    const paths = (args.length === 0 ? ["."] : args).map((path) => absolutePath(path, session));
    const daemon = session.daemon();
    await daemon.start();
    const asked = daemon.request("POST", "/api/up", { body: { paths } });
    const { apps, warnings } = await withProgress(out, "Looking at what there is to run", asked);
    for (const warning of warnings) out.warn(harmless(warning));
    const ended = await untilSettled(apps, session);
    const good = ended.every(isUp);
    if (out.json) out.document({ apps: ended, warnings });
    else await tell(ended, session);
    if (options.follow && ended.length > 0) await follow(ended, session);
    return good ? "done" : "failed";
  },
});

/** Does it run as it was asked to, and not as before? */
const isUp = (app: AppView): boolean => isGood(app) && !deployFailed(app);

async function untilSettled(apps: AppView[], session: Session): Promise<AppView[]> {
  if (apps.length === 0) return [];
  const live = liveProgress(
    session.out,
    apps.map(({ name }) => name),
  );
  onInterrupt(
    session.out,
    "It goes on in the background: gantry ls shows it, gantry down stops it.",
    live.end,
  );
  try {
    return await watchApps(session, {
      ids: apps.map(({ id }) => id),
      done: (app) => isSettled(app.state) && !isDeploying(app),
      changed: live.show,
    });
  } finally {
    live.end();
  }
}

async function tell(apps: AppView[], session: Session): Promise<void> {
  const { out } = session;
  const bad = apps.filter((app) => !isUp(app));
  if (!out.quiet && apps.length > 0) {
    await out.longTable(appColumns(listedApps(apps), Date.now()).slice(0, 3));
  }
  if (!out.quiet)
    for (const { name } of apps.filter(didItsWork))
      out.print(`${harmless(name)} did its work and ended (exit code 0).`);
  for (const app of bad) {
    out.print("");
    out.print(
      `${out.paint(`${harmless(app.name)} ${app.state === "failed" ? "has failed" : `is ${app.state}`}`, "red")}${app.reason === null ? "" : `: ${oneLine(app.reason)}`}`,
    );
    for (const line of app.lastLines) out.verbatim(`  ${harmless(line)}`);
  }
  if (out.quiet) return;
  if (apps.length === 0) return out.note("There is nothing to start here.");
  out.print("");
  out.print(`Dashboard    ${harmless(await dashboard(session))}  (gantry open signs your browser in)`);
  out.print("Go on with   gantry logs -f · gantry status <app> · gantry down");
}

async function dashboard(session: Session): Promise<string> {
  const { url } = await session.daemon().request("POST", "/api/auth/link");
  return new URL("/", url).href;
}

async function follow(apps: AppView[], session: Session): Promise<void> {
  onInterrupt(session.out, "The apps go on running; gantry down stops them.");
  const names = apps.map(({ name }) => name);
  const show = linePrinter(session.out, names.length > 1 ? names : []);
  for await (const lines of followLogs(session, { app: names, tail: 20 })) show(lines);
}
