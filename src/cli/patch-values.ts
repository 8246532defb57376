// What the commands for variables and secrets have in common: change some, and tell what that means.
import type { AppView } from "../domain/app-view.ts";
import { harmless } from "../lib/harmless-text.ts";
import { confirm } from "./confirm.ts";
import { Failure } from "./failure.ts";
import { fewNames } from "./few-names.ts";
import type { Session } from "./session.ts";
import { takesEffect } from "./takes-effect.ts";

export type Kind = "env" | "secrets";

/** Name → value, or null to remove it. */
export type Changes = Record<string, string | null>;

/** Asks the daemon to change these, all or none. */
export async function patchValues(
  session: Session,
  kind: Kind,
  id: string,
  { changes, force = false }: { changes: Changes; force?: boolean },
): Promise<AppView> {
  const daemon = session.daemon();
  await daemon.start();
  return await daemon.request("PATCH", `/api/apps/{id}/${kind}`, {
    params: { id },
    query: { force: force ? "true" : "false" },
    body: changes,
  });
}

/** `Set A, B of notes`, and when it takes effect. */
export function tellChange(verb: "Set" | "Removed", names: string[], app: AppView, { out }: Session): void {
  if (out.json) out.document({ app });
  if (out.json || out.quiet) return;
  if (names.length > 0) out.print(`${verb} ${fewNames(names)} of ${harmless(app.name)}`);
  else out.print(`Nothing was to be changed of ${harmless(app.name)}`);
  if (app.notApplied.length > 0 && app.pid !== null) out.note(takesEffect(app));
}

/** These, or all after a question. Throws `usage` unless it is one of both. */
export async function unsetValues(
  session: Session,
  kind: Kind,
  { id, names, all }: { id: string; names: string[]; all: boolean },
): Promise<void> {
  const noun = kind === "env" ? "env" : "secret";
  if (all === names.length > 0)
    throw new Failure(
      "usage",
      `${noun} unset ${all ? "takes either names or --all" : "needs a name, or --all"}`,
      {
        code: "missing-argument",
        field: "name",
      },
    );
  if (!all) {
    const changes = Object.fromEntries(names.map((name) => [name, null]));
    return tellChange("Removed", names, await patchValues(session, kind, id, { changes }), session);
  }
  const daemon = session.daemon();
  await daemon.start();
  const params = { id };
  const there = Object.keys(await daemon.request("GET", `/api/apps/{id}/${kind}`, { params }));
  const what = kind === "env" ? "variables" : "secrets";
  if (there.length > 0) await confirm(session, `Remove all ${there.length} ${what} of ${harmless(id)}?`);
  await daemon.request("DELETE", `/api/apps/{id}/${kind}`, { params });
  tellChange("Removed", there, await daemon.request("GET", "/api/apps/{id}", { params }), session);
}
