// Looks at the app's folder again and tells what changed since its release was made.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { GantryError } from "../domain/errors.ts";
import type { PublishedPorts } from "../domain/import-compose.ts";
import type { Release } from "../domain/release.ts";
import type { Detection } from "../domain/toolchain.ts";
import { hintsOf } from "./build-code.ts";
import { detectIn } from "./detect-app.ts";
import { codeFolder } from "./fetch-code.ts";
import { notApplied } from "./not-applied.ts";
import { describePorts, readComposeFile } from "./read-compose-file.ts";

export interface Rescan {
  changes: { field: string; from: string | null; to: string | null }[];
  running: boolean;
  applied: boolean;
  warnings: string[];
}

/** With `apply` a new release is built, and a running app moves to it. A running app needs `force` for that. */
export async function rescanApp(
  context: Context,
  app: App,
  { apply, force }: { apply: boolean; force: boolean },
  actor: string,
): Promise<Rescan> {
  const dir = await codeFolder(context, app);
  const detection = await detectIn(context, dir, hintsOf(app));
  const release = app.targetReleaseId === null ? undefined : context.store.releases.get(app.targetReleaseId);
  const changes = [
    ...compare(release, detection),
    ...compareCompose(release?.compose ?? [], readComposeFile(dir)?.services ?? []),
    ...notApplied(context, app).map((field) => ({ field, from: "as released", to: "changed" })),
  ];
  const warnings =
    app.wanted && changes.length > 0 ? [`${app.name} is running: applying this replaces its instances`] : [];
  const applies = apply && changes.length > 0;
  if (applies && app.wanted && !force) throw new GantryError("app-running", { app: app.name });
  if (applies) await context.builder.request(app, { start: app.wanted, actor });
  return { changes, running: app.wanted, applied: applies, warnings };
}

function compare(release: Release | undefined, detection: Detection): Rescan["changes"] {
  const rows: [string, string | null, string | null][] = [
    ["toolchain", release?.launch.toolchain ?? null, detection.toolchain],
    ["framework", release?.launch.framework ?? null, detection.framework],
    ["entry", release?.config.entry ?? release?.entry ?? null, release?.config.entry ?? detection.entry],
    ["run", release?.config.run ?? release?.run ?? null, release?.config.run ?? detection.run],
  ];
  return changed(rows);
}

/** One row per service that came, went, or publishes other ports. */
function compareCompose(before: PublishedPorts[], now: PublishedPorts[]): Rescan["changes"] {
  const describe = (all: PublishedPorts[], name: string): string | null => {
    const found = all.find(({ service }) => service === name);
    return found === undefined ? null : describePorts(found);
  };
  const names = new Set([...before, ...now].map(({ service }) => service));
  return changed([...names].map((name) => [`compose.${name}`, describe(before, name), describe(now, name)]));
}

const changed = (rows: [string, string | null, string | null][]): Rescan["changes"] =>
  rows.filter(([, from, to]) => from !== to).map(([field, from, to]) => ({ field, from, to }));
