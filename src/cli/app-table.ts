// The table of apps that `ls`, `up` and others print.
import type { AppView } from "../domain/app-view.ts";
import { harmless } from "../lib/harmless-text.ts";
import { stateColour } from "./colour.ts";
import type { Columns } from "./list-apps.ts";
import { oneLine } from "./one-line.ts";
import { duration, until } from "./quantity.ts";
import type { FilledColumn } from "./table.ts";

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

/** What lists know of apps, field by field. */
export type ListedApps = Columns<(typeof LISTED_FIELDS)[number]>;

export const listedApps = (apps: AppView[]): ListedApps =>
  Object.fromEntries(
    LISTED_FIELDS.map((field) => [field, apps.map((app) => app[field])]),
  ) as unknown as ListedApps;

/** The table; `up` shows the first three columns of it. */
export const appColumns = (apps: ListedApps, now: number): FilledColumn[] => [
  { head: "NAME", shrinkTo: 12, texts: apps.name },
  {
    head: "STATE",
    texts: apps.state.map((state, row) => (isMarked(apps, row) ? `${state}*` : state)),
    colour: (row) => stateColour(apps.state[row] ?? ""),
  },
  { head: "URL", shrinkTo: 24, texts: addresses(apps) },
  { head: "RESTARTS", align: "right", texts: apps.restarts.map(String) },
  { head: "UPTIME", align: "right", texts: uptimes(apps, now) },
];

const addresses = ({ url, port }: ListedApps): string[] =>
  url.map((own, row) => own ?? (port[row] == null ? "-" : `port ${port[row]}`));

const LIVE = new Set<AppView["state"]>(["running", "unhealthy"]);

const isLive = ({ state }: ListedApps, row: number): boolean => LIVE.has(state[row] ?? "unknown");

const uptimes = (apps: ListedApps, now: number): string[] =>
  apps.runningSince.map((since, row) =>
    since !== null && isLive(apps, row) ? duration(now - Date.parse(since)) : "-",
  );

/** It runs with other settings than the owner wants by now. */
const isMarked = (apps: ListedApps, row: number): boolean =>
  (apps.notApplied[row]?.length ?? 0) > 0 && isLive(apps, row);

/** What the mark means; null where there is none. */
export function markedApps(apps: ListedApps): string | null {
  const names = apps.name.filter((_, row) => isMarked(apps, row));
  if (names.length === 0) return null;
  const [one = ""] = names;
  return names.length === 1
    ? `* changed since it was started: gantry restart ${harmless(one)} applies it.`
    : `* changed since they were started: gantry restart applies it; gantry status tells what.`;
}

const TROUBLE = new Set<AppView["state"]>(["failed", "backing-off", "unhealthy", "unknown"]);

/** One line for each app that is not as it should be. */
export function complaints({ name, state, reason, nextTryAt }: ListedApps, now: number): string[] {
  const lines: string[] = [];
  for (let row = 0; row < reason.length; row++) {
    const why = reason[row] ?? null;
    if (why === null || !TROUBLE.has(state[row] ?? "unknown")) continue;
    const at = nextTryAt[row] ?? null;
    const next = at === null ? "" : ` (next try ${until(at, now)})`;
    lines.push(`${harmless(name[row] ?? "")}: ${oneLine(why)}${next}`);
  }
  return lines;
}
