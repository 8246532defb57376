// What start, stop and restart have in common: ask for it, wait until it is so, tell how it went.
import type { AppView } from "../domain/app-view.ts";
import { harmless } from "../lib/harmless-text.ts";
import { createLimit } from "../lib/limit.ts";
import { checkNames, type NamedApp, namedApps } from "./app-arguments.ts";
import { stateColour } from "./colour.ts";
import type { Outcome } from "./command.ts";
import { Failure } from "./failure.ts";
import { areFew, listApps, readApps } from "./list-apps.ts";
import { oneLine } from "./one-line.ts";
import type { Output } from "./output.ts";
import { onInterrupt, withProgress } from "./progress.ts";
import type { Session } from "./session.ts";
import { deployFailed, isGood, isSettled } from "./settled.ts";
import { type Glimpse, watchApps } from "./watch-apps.ts";

export interface Action {
  verb: "start" | "stop" | "restart";
  /** `Starting`. */
  doing: string;
  /** Is the app where the action takes it? */
  good(app: AppView, before: Set<string>): boolean;
  /** May the waiting end? `before`: the ids of the instances that lived, and of the newest deploys, when it was asked for. */
  done(app: Glimpse, before: Set<string>): boolean;
}

export const START: Action = {
  verb: "start",
  doing: "Starting",
  good: isGood,
  done: (app) => isSettled(app.state),
};

/** Something of the app runs, or may run. */
const LIVE = new Set<AppView["state"]>(["running", "unhealthy", "starting", "stopping", "unknown"]);

/** No app is so after it was asked to stop: somebody else has asked for it since, and it may stay so for ever. */
const STARTED_AGAIN = new Set<AppView["state"]>(["running", "unhealthy", "starting"]);

export const STOP: Action = {
  verb: "stop",
  doing: "Stopping",
  good: (app) => !LIVE.has(app.state),
  done: (app) => !LIVE.has(app.state) || STARTED_AGAIN.has(app.state),
};

export const RESTART: Action = {
  verb: "restart",
  doing: "Restarting",
  good: (app, before) => isGood(app) && !isHeld(app, before),
  done: (app, before) =>
    isSettled(app.state) &&
    (isHeld(app, before) || !app.instances?.some(({ id, state }) => before.has(id) && state !== "ended")),
};

/** What ran before goes on, because the deploy that this restart began failed, or a hook refused: the daemon's own words for that. */
const isHeld = (app: Glimpse, before: Set<string>): boolean =>
  (deployFailed(app) && !before.has(app.deployment?.id ?? "")) ||
  (app.reason ?? "").startsWith("it was not started anew");

interface Choice {
  all: boolean;
  force: boolean;
}

/** Ends with `failed` when one of the apps is not where the action should have taken it. */
export async function actOnApps(
  action: Action,
  names: string[],
  choice: Choice,
  session: Session,
): Promise<Outcome> {
  const { out } = session;
  checkNames(action.verb, names, choice.all);
  await session.daemon().start();
  const targets = await namedApps(names, choice.all, session);
  onInterrupt(out, `${action.doing} goes on in the background; gantry ls shows how it is.`);
  const label = targets.length === 1 ? harmless(targets[0]?.name ?? "") : `${targets.length} apps`;
  const work = askAndWait(action, targets, choice, session);
  const { apps, refused, before } = await withProgress(out, `${action.doing} ${label}`, work);
  const outcome = tellApps(action, apps, session, before);
  for (const { name, message } of refused)
    out.warn(`${harmless(name)} can't ${action.verb}: ${oneLine(message)}`);
  return refused.length > 0 ? "failed" : outcome;
}

/** So many apps in trouble are shown with their last lines; `gantry status` shows those of all others. */
const WITH_LINES = 10;

/** One line for each app; with --quiet only for those that are not where they should be. */
export function tellApps(
  action: Action,
  apps: AppView[],
  { out }: Session,
  before = new Set<string>(),
): Outcome {
  if (out.json) out.document({ apps });
  let troubled = 0;
  for (const app of apps) {
    const good = action.good(app, before);
    if (out.quiet && good) continue;
    out.print(summary(app, good, out));
    if (action.verb === "stop" && STARTED_AGAIN.has(app.state)) out.warn(whyNotStopped(app));
    if (!good && ++troubled <= WITH_LINES)
      for (const line of app.lastLines) out.verbatim(`  ${harmless(line)}`);
  }
  if (apps.length === 0) out.note("There are no apps.");
  return apps.every((app) => action.good(app, before)) ? "done" : "failed";
}

/** An app that the daemon would not even try to start. */
interface Refused {
  name: string;
  message: string;
}

async function askAndWait(
  action: Action,
  targets: NamedApp[],
  choice: Choice,
  session: Session,
): Promise<{ apps: AppView[]; refused: Refused[]; before: Set<string> }> {
  const before = action.verb === "restart" ? await presentRuns(targets, session) : new Set<string>();
  const refused = choice.all
    ? await askAll(action, targets, choice, session)
    : await askEach(action, targets, choice, session);
  const names = new Set(refused.map(({ name }) => name));
  const apps = await watchApps(session, {
    ids: targets.filter(({ name }) => !names.has(name)).map(({ id }) => id),
    done: (app) => action.done(app, before),
    instances: action.verb === "restart",
  });
  return { apps, refused, before };
}

async function presentRuns(targets: NamedApp[], session: Session): Promise<Set<string>> {
  const daemon = session.daemon();
  const apps = areFew(targets.length)
    ? await readApps(
        daemon,
        targets.map(({ id }) => id),
      )
    : await listApps(daemon, ["instances", "deployment"]);
  const instances = apps.flatMap((app) => app.instances);
  const living = instances.filter(({ state }) => state !== "ended").map(({ id }) => id);
  return new Set([...living, ...apps.flatMap(({ deployment }) => deployment?.id ?? [])]);
}

/** One after the other; the first refusal ends it. */
async function askEach(
  { verb }: Action,
  targets: NamedApp[],
  { force }: Choice,
  session: Session,
): Promise<Refused[]> {
  const body = force ? { body: { force } } : {};
  for (const { id } of targets)
    await session.daemon().request("POST", `/api/apps/{id}/${verb}`, { params: { id }, ...body });
  return [];
}

const AT_ONCE = 8;

/** All that can be started or stopped is; the others are told. */
async function askAll(
  action: Action,
  targets: NamedApp[],
  choice: Choice,
  session: Session,
): Promise<Refused[]> {
  const { verb } = action;
  if (verb !== "restart" && !choice.force)
    return (await session.daemon().request("POST", `/api/apps/${verb}-all`, {})).failed;
  const limit = createLimit(AT_ONCE);
  const askOne = (target: NamedApp): Promise<Refused[]> =>
    limit(() => askEach(action, [target], choice, session)).catch((error) => {
      if (!(error instanceof Failure) || error.kind === "unreachable") throw error;
      return [{ name: target.name, message: error.message }];
    });
  const enabled = targets.filter((target) => target.enabled);
  return (await Promise.all(enabled.map(askOne))).flat();
}

/** Its own hook kept it running. */
export const isKept = ({ reason }: AppView): boolean => reason?.startsWith("it was not stopped") ?? false;

function whyNotStopped(app: AppView): string {
  const name = harmless(app.name);
  return isKept(app)
    ? `${name} goes on; to stop it all the same: gantry stop --force ${name}`
    : `${name} was started again meanwhile`;
}

/** `notes  running  http://…` or why not. */
function summary(app: AppView, good: boolean, out: Output): string {
  const words = [harmless(app.name), out.paint(app.state, stateColour(app.state))];
  if (app.state === "running" && app.url !== null && good) words.push(harmless(app.url));
  else if (app.reason !== null) words.push(oneLine(app.reason));
  return words.join("  ");
}
