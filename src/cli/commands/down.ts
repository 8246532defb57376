// `gantry down`: stops the apps of a manifest or folder; with --all everything, the daemon too.
import type { AppView } from "../../domain/app-view.ts";
import { isKept, STOP, tellApps } from "../act-on-apps.ts";
import { command, type Outcome } from "../command.ts";
import { Failure } from "../failure.ts";
import { absolutePath } from "../path-argument.ts";
import { onInterrupt, withProgress } from "../progress.ts";
import type { Session } from "../session.ts";
import { answers } from "../start-daemon.ts";
import { untilGone } from "../until-gone.ts";
import { watchApps } from "../watch-apps.ts";

export default command({
  description:
    "Apps stay registered; gantry up starts them again. With --all every app ends, then the daemon: nothing of Gantry runs afterwards.",
  arguments: [
    { name: "manifest|folder", summary: "default: the current folder", many: true, complete: "path" },
  ],
  options: {
    all: { type: "flag", short: "a", summary: "all apps, then the daemon" },
    force: { type: "flag", summary: "do not ask the hooks pre_stop" },
  },
  examples: [
    { line: "gantry down", what: "the apps of this folder" },
    { line: "gantry down --all", what: "everything" },
  ],
  async run({ args, options }, session) {
    if (options.all && args.length > 0) {
      throw new Failure("usage", "down takes either folders or --all", { code: "extra-argument" });
    }
    const paths = (args.length === 0 ? ["."] : args).map((path) => absolutePath(path, session));
    if (await nothingRuns(session)) return tellNothing(session);
    onInterrupt(session.out, "Stopping goes on in the background; gantry ls shows how it is.");
    const { force } = options;
    return options.all ? downAll(force, session) : downPaths(paths, force, session);
  },
});

/** Apps outlive the daemon. Where none answers one is started, because only a daemon finds them; not in a home that never had one. */
async function nothingRuns(session: Session): Promise<boolean> {
  const { existsSync } = process.getBuiltinModule("node:fs");
  const home = session.home();
  if (await answers(home.socket)) return false;
  if (!existsSync(home.database) && !session.env.GANTRY_DATABASE_URL) return true;
  await session.daemon().start();
  return false;
}

function tellNothing({ out }: Session): Outcome {
  if (out.json) out.document({ apps: [] });
  out.note("Nothing of Gantry runs.");
  return "done";
}

async function downPaths(paths: string[], force: boolean, session: Session): Promise<Outcome> {
  const stop = session
    .daemon()
    .request("POST", "/api/down", { body: { paths, ...(force && { force }) } })
    .then(({ apps }) => untilStopped(apps, session));
  return tellApps(STOP, await withProgress(session.out, "Stopping apps", stop), session);
}

async function downAll(force: boolean, session: Session): Promise<Outcome> {
  const { out } = session;
  const daemon = session.daemon();
  const body = force ? { body: { force } } : {};
  const stop = daemon
    .request("POST", "/api/apps/stop-all", body)
    .then(({ apps }) => untilStopped(apps, session));
  const apps = await withProgress(out, "Stopping all apps", stop);
  // Somebody must look after what its own hook keeps running.
  if (apps.some(isKept)) return tellApps(STOP, apps, session);
  const end = async () => untilGone((await daemon.request("POST", "/api/system/shutdown")).pid);
  await withProgress(out, "Stopping the daemon", end());
  if (out.json) out.document({ apps });
  else if (!out.quiet)
    out.print(`Stopped ${apps.length === 1 ? "1 app" : `${apps.length} apps`} and the daemon.`);
  return "done";
}

const untilStopped = (apps: AppView[], session: Session): Promise<AppView[]> =>
  watchApps(session, { ids: apps.map(({ id }) => id), done: (app) => STOP.done(app, new Set()) });
