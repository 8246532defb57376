// How a deployment ended, and what serves now.
import type { AppView } from "../../domain/app-view.ts";
import type { DeploymentView } from "../../domain/deployment-view.ts";
import type { ReleaseView } from "../../domain/release-view.ts";
import { harmless } from "../../lib/harmless-text.ts";
import type { Outcome } from "../command.ts";
import { Failure } from "../failure.ts";
import { oneLine } from "../one-line.ts";
import { briefly } from "../quantity.ts";
import type { Session } from "../session.ts";
import { didItsWork } from "../settled.ts";
import { watchApps } from "../watch-apps.ts";
import { followDeployment } from "./follow-deployment.ts";

/** Where the app is after a deployment. */
interface Aftermath {
  /** Null when it was deleted meanwhile. */
  app: AppView | null;
  release: ReleaseView | null;
  /** Has Gantry kept no copy of the app's code before? */
  firstCopy: boolean;
}

/** Follows it to its end and tells about that; with `detach` only that it has begun. */
export async function carryThrough(
  session: Session,
  accepted: DeploymentView,
  { detach = false }: { detach?: boolean } = {},
): Promise<Outcome> {
  const { out } = session;
  if (detach) {
    if (out.json) out.document(accepted);
    else
      out.print(
        out.quiet ? accepted.id : `The deploy of ${harmless(accepted.app)} has begun: ${accepted.id}`,
      );
    out.note(`gantry deployments ${accepted.id} --follow shows how it goes on.`);
    return "done";
  }
  const ended = await followDeployment(session, accepted);
  const after = await aftermath(session, ended);
  const serving = after.app?.release ?? null;
  if (out.json) out.document({ ...ended, serving, url: serving === null ? null : (after.app?.url ?? null) });
  else if (ended.state === "done") tellDone(ended, accepted, after, session);
  else tellFailed(ended, after, session);
  return ended.state === "done" ? "done" : "failed";
}

/** On its way back to the release before, or away: soon it is there. */
const MOVING = new Set<AppView["state"]>(["starting", "stopping"]);

async function aftermath(session: Session, { appId, state, release }: DeploymentView): Promise<Aftermath> {
  const daemon = session.daemon();
  const done = (app: Pick<AppView, "state">) => state === "superseded" || !MOVING.has(app.state);
  try {
    const [app = null] = await watchApps(session, { ids: [appId], done });
    const { releases } = await daemon.request("GET", "/api/apps/{id}/versions", { params: { id: appId } });
    return {
      app,
      release: releases.find(({ number }) => number === release) ?? null,
      firstCopy: releases.filter(({ code }) => code === "tree").length === 1,
    };
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== "missing") throw error;
    return { app: null, release: null, firstCopy: false };
  }
}

function tellDone(ended: DeploymentView, accepted: DeploymentView, after: Aftermath, { out }: Session): void {
  for (const { severity, ...each } of ended.diagnostics) if (severity === "warning") out.warn(placed(each));
  out.print(out.quiet ? String(ended.release) : whatIsDone(ended, accepted, after));
  if (accepted.origin === "folder" && after.firstCopy)
    out.note("It is a copy: what changes in the folder comes with the next gantry deploy.");
  if (accepted.origin === "release" && after.release?.code === "live") out.note(isLive(after.release));
}

const isLive = ({ number }: ReleaseView): string =>
  `Release ${number} has no copy of its code: it runs the folder itself, as that is now.`;

function whatIsDone(ended: DeploymentView, accepted: DeploymentView, { app, release }: Aftermath): string {
  const name = harmless(ended.app);
  const head = `Release ${ended.release} of ${name}`;
  const took = `(${briefly(ended.durationMs)})`;
  if (app === null) return `${head} was made, but ${name} was deleted meanwhile.`;
  if (didItsWork(app)) return `${head} did its work and ended ${took}.`;
  if (app.release !== ended.release) return `${head} is ready ${took}. Start it with gantry start ${name}.`;
  const url = app.url === null ? "" : `: ${harmless(app.url)}`;
  const verb = url === "" ? "runs" : "serves";
  if (accepted.origin === "release") return `${head} ${verb} again ${took}${url}`;
  const isKnown = release !== null && release.deploymentId !== ended.id;
  return isKnown ? `Nothing has changed; r${head.slice(1)} goes on${url}` : `${head} ${verb} ${took}${url}`;
}

/** So many of the last lines are shown. */
const LINES = 15;

const ENDS = { failed: "failed", cancelled: "was cancelled", superseded: "was overtaken by a newer one" };

function tellFailed(ended: DeploymentView, { app, release }: Aftermath, { out }: Session): void {
  const what = ended.origin === "release" ? "rollback" : "deploy";
  const name = harmless(ended.app);
  const end = ENDS[ended.state as keyof typeof ENDS] ?? "did not end well";
  const reason = ended.state === "failed" && ended.reason !== null ? `: ${oneLine(ended.reason)}` : "";
  out.print(
    `${out.paint(`The ${what} of ${name} ${end}`, ended.state === "failed" ? "red" : "yellow")}${reason}`,
  );
  for (const each of ended.diagnostics) if (!isTold(each, ended.reason)) out.print(`  ${placed(each)}`);
  for (const line of ended.lastLines.slice(-LINES)) out.verbatim(`  ${harmless(line)}`);
  if (app === null || ended.state === "superseded") return;
  out.print(whatServes(app));
  if (ended.state !== "failed") return;
  if (ended.origin === "release" && release?.code === "live") out.note(isLive(release));
  const more = whereMoreIs(ended);
  if (more !== null) out.note(`All that it printed: ${more}`);
}

/** The command that shows it; null where nothing was printed. */
function whereMoreIs({ id, app, stages, reason }: DeploymentView): string | null {
  const stage = stages.at(-1)?.stage;
  if (stage === "validate") return null;
  if (stage === undefined || stage === "fetch" || stage === "build") return `gantry deployments ${id} --log`;
  return /^pre_(deploy|start) /.test(reason ?? "")
    ? `gantry runs ${harmless(app)} --failed`
    : `gantry logs ${harmless(app)}`;
}

type Diagnostic = Pick<DeploymentView["diagnostics"][number], "file" | "line" | "column" | "message">;

const placeOf = ({ file, line }: Diagnostic): string =>
  file === null ? "" : line === null ? file : `${file}:${line}`;

function placed(diagnostic: Diagnostic): string {
  const place = placeOf(diagnostic);
  const column = place === "" || diagnostic.column === null ? "" : `:${diagnostic.column}`;
  return oneLine(place === "" ? diagnostic.message : `${place}${column}  ${diagnostic.message}`);
}

/** The one sentence has it already. */
const isTold = (diagnostic: Diagnostic, reason: string | null): boolean =>
  [diagnostic.message, placeOf(diagnostic)].every((part) => reason?.includes(part));

function whatServes(app: AppView): string {
  const name = harmless(app.name);
  if (app.release === null)
    return app.latestRelease === null
      ? `${name} has no release yet.`
      : `Nothing of ${name} serves; ${app.state === "backing-off" ? "Gantry goes on trying to start it" : `it is ${app.state}`}.`;
  const url = app.url === null ? "." : `: ${harmless(app.url)}`;
  return `Release ${app.release} goes on${url}`;
}
