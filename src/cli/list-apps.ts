// Many apps with few requests: the list with just the fields that are needed, and full views.
import type { AppView } from "../domain/app-view.ts";
import type { DaemonLink } from "./daemon-link.ts";

/** The most that the daemon gives at once. */
const PAGE = 10_000;
/** Up to here each app is asked for by itself; all others come with one list. */
const FEW = 8;
/** Last lines of output are read for so many apps in trouble. */
const TROUBLED = 10;

export const areFew = (count: number): boolean => count <= FEW;

/** All apps, by name, each with these fields only. */
export async function listApps<Field extends keyof AppView>(
  daemon: DaemonLink,
  fields: readonly Field[],
): Promise<Pick<AppView, Field>[]> {
  const query = { fields: fields.join(","), limit: PAGE };
  const found: Pick<AppView, Field>[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await daemon.request("GET", "/api/apps", { query: { ...query, ...(cursor && { cursor }) } });
    found.push(...(page.apps as Pick<AppView, Field>[]));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}

/** The same field by field: a few long lists are read much sooner than a thousand objects. */
export async function listColumns<Field extends keyof AppView>(
  daemon: DaemonLink,
  fields: readonly Field[],
): Promise<Columns<Field>> {
  const query = { fields: fields.join(","), limit: PAGE };
  const { columns, nextCursor } = await daemon.request("GET", "/api/app-columns", { query });
  const found = columns as Columns<Field>;
  for (let cursor = nextCursor; cursor !== null; ) {
    const page = await daemon.request("GET", "/api/app-columns", { query: { ...query, cursor } });
    const more = page.columns as Columns<Field>;
    for (const field of fields) found[field] = found[field].concat(more[field]);
    cursor = page.nextCursor;
  }
  return found;
}

/** Of each app one value in each list, at the same place. */
export type Columns<Field extends keyof AppView> = { [Name in Field]: AppView[Name][] };

/** All apps in full, by name; without their last lines of output. */
export async function listFull(daemon: DaemonLink): Promise<AppView[]> {
  const found: AppView[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await daemon.request("GET", "/api/apps", {
      query: { limit: PAGE, ...(cursor && { cursor }) },
    });
    found.push(...(page.apps as AppView[]));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}

const readApp = (daemon: DaemonLink, id: string): Promise<AppView> =>
  daemon.request("GET", "/api/apps/{id}", { params: { id } });

/** These apps in full, in this order, with the last lines of some that are in trouble. Many that are gone are left out. */
export async function readApps(daemon: DaemonLink, ids: readonly string[]): Promise<AppView[]> {
  if (areFew(ids.length)) return Promise.all(ids.map((id) => readApp(daemon, id)));
  const apps = new Map((await listFull(daemon)).map((app) => [app.id, app]));
  const wanted = ids.flatMap((id) => apps.get(id) ?? []);
  const troubled = wanted.filter(({ state }) => ["failed", "backing-off", "unhealthy"].includes(state));
  for (const { id } of troubled.slice(0, TROUBLED)) apps.set(id, await readApp(daemon, id));
  return ids.flatMap((id) => apps.get(id) ?? []);
}
