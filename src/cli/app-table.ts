// The table of apps that `ls`, `up` and others print.
import type { AppView } from "../domain/app-view.ts";
import { harmless } from "../lib/harmless-text.ts";
import { stateColour } from "./colour.ts";
import { oneLine } from "./one-line.ts";
import { duration, until } from "./quantity.ts";
import type { Cell, Column } from "./table.ts";

/** What lists know of an app. */
export type ListedApp = Pick<AppView, (typeof LISTED_FIELDS)[number]>;

export const LISTED_FIELDS = [
  "name",
  "state",
  "reason",
  "nextTryAt",
  "url",
  "port",
  "restarts",
  "runningSince",
  "notApplied",
] as const;

export const APP_COLUMNS: Column[] = [
  { head: "NAME", shrinkTo: 12 },
  { head: "STATE" },
  { head: "URL", shrinkTo: 24 },
  { head: "RESTARTS", align: "right" },
  { head: "UPTIME", align: "right" },
];

export function appRows(apps: ListedApp[], now: number): Cell[][] {
  // One look at all texts is cheaper than one at each, and nearly always enough: in plain ASCII there is nothing to make harmless.
  let texts = "";
  for (const { name, url } of apps) texts += name + url;
  const shown = !/[^\x20-\x7e]/.test(texts) ? (text: string) => text : harmless;
  const states = new Map<string, Cell>();
  for (const app of apps) {
    const text = stateText(app);
    if (!states.has(text)) states.set(text, { text, colour: stateColour(app.state) });
  }
  return apps.map((app) => [
    shown(app.name),
    states.get(stateText(app)) ?? app.state,
    app.url === null ? (app.port === null ? "-" : `port ${app.port}`) : shown(app.url),
    String(app.restarts),
    app.runningSince === null ? "-" : uptime(app, app.runningSince, now),
  ]);
}

const LIVE = new Set<AppView["state"]>(["running", "unhealthy"]);

function uptime({ state }: ListedApp, since: string, now: number): string {
  return LIVE.has(state) ? duration(now - Date.parse(since)) : "-";
}

/** Marked where it runs with other settings than the owner wants by now. */
const stateText = ({ state, notApplied }: ListedApp): string =>
  notApplied.length > 0 && LIVE.has(state) ? `${state}*` : state;

/** What the mark means; null where there is none. */
export function markedApps(apps: ListedApp[]): string | null {
  const names = apps.filter((app) => stateText(app) !== app.state).map(({ name }) => name);
  if (names.length === 0) return null;
  const [one = ""] = names;
  return names.length === 1
    ? `* changed since it was started: gantry restart ${harmless(one)} applies it.`
    : `* changed since they were started: gantry restart applies it; gantry status tells what.`;
}

/** One line for each app that is not as it should be. */
export const complaints = (apps: ListedApp[], now: number): string[] =>
  apps
    .filter(
      (app) => app.reason !== null && ["failed", "backing-off", "unhealthy", "unknown"].includes(app.state),
    )
    .map((app) => {
      const next = app.nextTryAt === null ? "" : ` (next try ${until(app.nextTryAt, now)})`;
      return `${harmless(app.name)}: ${oneLine(app.reason ?? "")}${next}`;
    });
