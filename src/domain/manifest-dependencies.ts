// depends_on: only apps that exist, and no circle.

import type { AppDraft } from "./app-draft.ts";
import { closest } from "./closest.ts";
import { GantryError } from "./errors.ts";

/** Throws `invalid-manifest` for names used twice, unknown dependencies, and circles (an app on itself too). */
export function checkDependencies(drafts: readonly AppDraft[], known: Iterable<string>): void {
  const byName = new Map<string, AppDraft>();
  for (const draft of drafts) if (draft.name !== null) byName.set(draft.name, draft);
  const names = new Set([...byName.keys(), ...known]);
  for (const draft of drafts) {
    for (const name of draft.config.dependsOn ?? []) {
      if (name === draft.name) throw wrong(draft, "it depends on itself");
      if (!names.has(name))
        throw wrong(draft, `it depends on ${name}, which does not exist`, near(name, names));
    }
  }
  const done = new Set<string>();
  for (const draft of drafts) follow(draft, [], byName, done);
}

/** Depth first; the path is the circle when it meets itself. */
function follow(draft: AppDraft, path: string[], byName: Map<string, AppDraft>, done: Set<string>): void {
  const name = draft.name;
  if (name === null || done.has(name)) return;
  const start = path.indexOf(name);
  if (start !== -1)
    throw wrong(draft, `depends_on goes in a circle: ${[...path.slice(start), name].join(" → ")}`);
  for (const next of draft.config.dependsOn ?? []) {
    const dependency = byName.get(next);
    if (dependency) follow(dependency, [...path, name], byName, done);
  }
  done.add(name);
}

function near(name: string, names: Iterable<string>): string | undefined {
  const found = closest(name, names);
  return found === undefined ? undefined : `Did you mean ${found}?`;
}

const wrong = (draft: AppDraft, problem: string, hint?: string): GantryError =>
  new GantryError("invalid-manifest", {
    file: `${draft.file}:${draft.line}`,
    line: draft.line,
    field: "depends_on",
    reason: draft.name === null ? problem : `${draft.name}: ${problem}`,
    hint,
  });
