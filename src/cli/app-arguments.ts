// Which apps a command means.
import { Failure } from "./failure.ts";
import type { Session } from "./session.ts";

export interface NamedApp {
  id: string;
  name: string;
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
  if (all) {
    const query = { view: "summary", limit: 10_000 } as const;
    return (await daemon.request("GET", "/api/apps", { query })).apps;
  }
  return Promise.all(
    [...new Set(names)].map((id) => daemon.request("GET", "/api/apps/{id}", { params: { id } })),
  );
}
