// One app in full, as lines for people.
import type { AppConfigView, AppView, InstanceView } from "../domain/app-view.ts";
import type { DeploymentView } from "../domain/deployment-view.ts";
import type { Exit } from "../domain/instance.ts";
import { harmless } from "../lib/harmless-text.ts";
import { type Paint, stateColour } from "./colour.ts";
import { ago, duration, until } from "./quantity.ts";
import { settingWord } from "./setting-lines.ts";

const LABEL_WIDTH = 10;

/** What the app's view does not have. */
export interface Besides {
  /** For names of variables; their values are never shown. */
  config: Pick<AppConfigView, "env" | "dependsOn">;
  /** The newest deployment. */
  latest: DeploymentView | null;
}

export function describeApp(app: AppView, { config, latest }: Besides, paint: Paint, now: number): string[] {
  const rows: [string, string | null][] = [
    ["state", paint(app.state, stateColour(app.state)) + (app.enabled ? "" : " (disabled)")],
    ["reason", app.reason],
    ["next try", app.nextTryAt === null ? null : until(app.nextTryAt, now)],
    ["url", app.urls.length > 0 ? app.urls.join("\n") : null],
    ["port", app.port === null ? null : `${app.host ?? "127.0.0.1"}:${app.port}`],
    ["pid", app.pid === null ? null : String(app.pid)],
    ["uptime", uptime(app, now)],
    ["restarts", `${app.restarts}${app.restarts > 0 ? ` (last ended: ${lastEnd(app, now)})` : ""}`],
    ["last end", app.restarts === 0 ? lastEnd(app, now) : null],
    ["health", app.health],
    ["release", release(app)],
    ["kind", [app.toolchain, app.framework].filter((part) => part !== null).join(", ") || null],
    ["command", app.run],
    [app.source.type === "folder" ? "folder" : "source", sourceText(app)],
    ["draft", draft(app, now)],
    ["deploy", latest === null ? null : deploy(latest, now)],
    ["needs", config.dependsOn.join(", ") || null],
    ["variables", Object.keys(config.env).join(", ") || null],
    ["secrets", app.secrets.join(", ") || null],
    ["changed", changed(app)],
    ["instances", app.instances.filter(alive).length > 1 ? instances(app, now) : null],
  ];
  const lines = [paint(harmless(app.name), "bold")];
  for (const [label, value] of rows) if (value !== null) lines.push(...row(label, value, paint));
  if (app.lastLines.length > 0) {
    lines.push(paint("last output", "grey"));
    for (const line of app.lastLines) lines.push(`  ${harmless(line)}`);
  }
  return lines;
}

const changed = ({ notApplied, name }: AppView): string | null =>
  notApplied.length === 0
    ? null
    : `${notApplied.map(settingWord).join(", ")}; in effect after gantry restart ${name}`;

/** What the code is made from; where Gantry keeps it is nobody's business. */
export function sourceText({ source, code }: Pick<AppView, "source" | "code">): string {
  if (source.type === "folder")
    return `${source.path}${code === "tree" ? " (a copy of it is deployed)" : ""}`;
  if (source.type === "archive") return `archive ${source.filename ?? "without a name"}`;
  if (source.type === "files") return "typed code";
  const { url, ref, subfolder } = source;
  return `git ${url}${ref === null ? "" : ` #${ref}`}${subfolder === "" ? "" : `, folder ${subfolder}`}`;
}

const draft = ({ draft: saved, name }: AppView, now: number): string | null =>
  saved === null
    ? null
    : `saved ${ago(saved.savedAt, now)} by ${saved.author}, not deployed: gantry deploy ${name}`;

/** Only what asks for attention. */
function deploy({ id, state, open, endedAt, startedAt }: DeploymentView, now: number): string | null {
  if (open)
    return `under way for ${duration(now - Date.parse(startedAt))}: gantry deployments ${id} --follow`;
  return state === "failed" ? `failed ${ago(endedAt, now)}: gantry deployments ${id}` : null;
}

function row(label: string, value: string, paint: Paint): string[] {
  const [first = "", ...others] = value.split("\n");
  const shown = (text: string) => (label === "state" ? text : harmless(text));
  return [
    `${paint(label.padEnd(LABEL_WIDTH), "grey")} ${shown(first)}`,
    ...others.map((line) => `${" ".repeat(LABEL_WIDTH)} ${shown(line)}`),
  ];
}

const alive = ({ state }: InstanceView): boolean => state !== "ended";

function uptime(app: AppView, now: number): string | null {
  const since = app.instances.find(alive)?.startedAt ?? null;
  return since === null ? null : duration(now - Date.parse(since));
}

const release = (app: AppView): string | null => {
  if (app.release === null)
    return app.latestRelease === null ? null : `none runs, latest is ${app.latestRelease}`;
  return app.release === app.latestRelease
    ? String(app.release)
    : `${app.release} (latest is ${app.latestRelease})`;
};

/** How the last instance that ended did so. */
function lastEnd(app: AppView, now: number): string | null {
  const ended = app.instances.filter((instance) => instance.endedAt !== null);
  const last = ended.reduce<InstanceView | undefined>(
    (latest, each) => (latest === undefined || (each.endedAt ?? "") > (latest.endedAt ?? "") ? each : latest),
    undefined,
  );
  if (last === undefined) return null;
  return `${howEnded(last)}, ${ago(last.endedAt, now)}`;
}

function howEnded({ exit, message }: InstanceView): string {
  const status = exitText(exit);
  if (status === null || message === "was stopped" || message === "was replaced")
    return message ?? "unknown how";
  if (message === null) return status;
  const known = [exit?.signal, exit?.code].some((part) => part != null && message.includes(String(part)));
  return known ? message : `${message} (${status})`;
}

/** `code 1`, `signal KILL`. */
export function exitText(exit: Exit | null): string | null {
  if (exit === null) return null;
  return exit.signal === null ? `code ${exit.code}` : `signal ${exit.signal}`;
}

const instances = (app: AppView, now: number): string =>
  app.instances
    .filter(alive)
    .map(({ id, state, address, pid, startedAt }) =>
      [id, state, address ?? "", pid === null ? "" : `pid ${pid}`, ago(startedAt, now)].join("  "),
    )
    .join("\n");
