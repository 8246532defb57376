// Which apps a command means.
import { createLimit } from "../lib/limit.ts";
import { Failure } from "./failure.ts";
import { listApps } from "./list-apps.ts";
import type { Session } from "./session.ts";

const AT_ONCE = 8;

export interface NamedApp {
  id: string;
  name: string;
  enabled: boolean;
}

/** Throws `usage` when neither names nor `--all` were given, or both. */
export function checkNames(verb: string, names: string[], all: boolean): void {
  if (all !== names.length > 0) return;
  const problem = all ? "takes either names or --all" : "needs the name of an app, or --all";
  throw new Failure("usage", `${verb} ${problem}`, {
    code: "missing-argument",
    hint: "gantry ls shows all apps.",
  });
}

/** The apps that were named, or all. Throws `missing` for an unknown name. */
export async function namedApps(names: string[], all: boolean, session: Session): Promise<NamedApp[]> {
  const daemon = session.daemon();
  if (all) return listApps(daemon, ["id", "name", "enabled"]);
  const limit = createLimit(AT_ONCE);
  const read = (id: string) => limit(() => daemon.request("GET", "/api/apps/{id}", { params: { id } }));
  const apps = await Promise.all([...new Set(names)].map(read));
  // An id and a name may mean the same app.
  return [...new Map(apps.map((app) => [app.id, app])).values()];
}
