// What start, stop and restart have in common: ask for it, wait until it is so, tell how it went.
import type { AppView } from "../domain/app-view.ts";
import { harmless } from "../lib/harmless-text.ts";
import { checkNames, namedApps } from "./app-arguments.ts";
import { stateColour } from "./colour.ts";
import type { Outcome } from "./command.ts";
import { oneLine } from "./one-line.ts";
import type { Output } from "./output.ts";
import { onInterrupt, withProgress } from "./progress.ts";
import type { Session } from "./session.ts";
import { isGood, isSettled } from "./settled.ts";
import { watchApps } from "./watch-apps.ts";

export interface Action {
  verb: "start" | "stop" | "restart";
  /** `Starting`. */
  doing: string;
  /** Is the app where the action takes it? */
  good(app: AppView): boolean;
  /** May the waiting end? `before`: the ids of the instances that lived when it was asked for. */
  done(app: AppView, before: Set<string>): boolean;
}

export const START: Action = {
  verb: "start",
  doing: "Starting",
  good: (app) => isGood(app.state),
  done: (app) => isSettled(app.state),
};

export const STOP: Action = {
  verb: "stop",
  doing: "Stopping",
  good: (app) => !["running", "unhealthy", "stopping", "starting"].includes(app.state),
  done: (app) => app.state !== "stopping" && app.instances.every(({ state }) => state === "ended"),
};

export const RESTART: Action = {
  verb: "restart",
  doing: "Restarting",
  good: START.good,
  done: (app, before) =>
    isSettled(app.state) && !app.instances.some(({ id, state }) => before.has(id) && state !== "ended"),
};

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
  const apps = await withProgress(
    out,
    `${action.doing} ${label}`,
    askAndWait(action, targets, choice, session),
  );
  return tellApps(action, apps, session);
}

/** One line for each app; with --quiet only for those that are not where they should be. */
export function tellApps(action: Action, apps: AppView[], { out }: Session): Outcome {
  if (out.json) out.document({ apps });
  for (const app of apps) {
    const good = action.good(app);
    if (out.quiet && good) continue;
    out.print(summary(app, out));
    if (!good) for (const line of app.lastLines) out.verbatim(`  ${harmless(line)}`);
  }
  if (apps.length === 0) out.note("There are no apps.");
  return apps.every(action.good) ? "done" : "failed";
}

async function askAndWait(
  action: Action,
  targets: { id: string }[],
  { all, force }: Choice,
  session: Session,
): Promise<AppView[]> {
  const daemon = session.daemon();
  const before = new Set<string>();
  if (action.verb === "restart") {
    const apps = await Promise.all(
      targets.map(({ id }) => daemon.request("GET", "/api/apps/{id}", { params: { id } })),
    );
    for (const app of apps)
      for (const instance of app.instances) if (instance.state !== "ended") before.add(instance.id);
  }
  if (all && action.verb !== "restart") {
    await daemon.request("POST", `/api/apps/${action.verb}-all`, {});
  } else {
    const body = force ? { body: { force } } : {};
    for (const { id } of targets)
      await daemon.request("POST", `/api/apps/{id}/${action.verb}`, { params: { id }, ...body });
  }
  return watchApps(session, { ids: targets.map(({ id }) => id), done: (app) => action.done(app, before) });
}

/** `notes  running  http://…` or why not. */
function summary(app: AppView, out: Output): string {
  const words = [harmless(app.name), out.paint(app.state, stateColour(app.state))];
  if (app.state === "running" && app.url !== null) words.push(harmless(app.url));
  else if (app.reason !== null) words.push(oneLine(app.reason));
  return words.join("  ");
}
