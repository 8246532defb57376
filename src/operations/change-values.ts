// Sets and removes variables and secrets of an app. Running instances keep what they were started with.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { GantryError } from "../domain/errors.ts";
import { sealedMark, secretPlace } from "../domain/sealed.ts";
import { changeApp } from "./change-app.ts";
import { checkTotal, checkValue, KIND, type Kind } from "./check-values.ts";

/** What is shown in place of every secret. As a new value it means: as it is. */
export const MASK = "********";

/** Name → value; null removes it. */
export type Changes = Record<string, string | null>;

export interface ChangeOptions {
  /** What is not named is removed. */
  replace?: boolean;
  /** A variable may become a secret, and the reverse. */
  force?: boolean;
  /** The app's `updatedAt` that the change was made for. */
  ifMatch?: number;
}

/**
 * All of it or nothing. Throws `invalid-input` with the name, `variable-missing` for one that is to be removed,
 * `variable-taken` where a name is of the other kind (unless `force`), `stale`, and `key-unavailable`.
 */
export async function changeValues(
  context: Context,
  app: App,
  kind: Kind,
  { changes, ...options }: { changes: Changes } & ChangeOptions,
  actor: string,
): Promise<App> {
  const apply = (now: App): Pick<App, "config" | "secrets"> => {
    if (now.deletedAt !== null) throw new GantryError("app-missing", { app: now.name });
    if (options.ifMatch !== undefined && options.ifMatch !== now.updatedAt)
      throw new GantryError("stale", { app: now.name });
    const next = merge(context, now, kind, changes, options);
    checkTotal(next);
    return next;
  };
  const names = describe(app, apply(app));
  if (names === null) return app;
  const message = `${app.name}: ${names}`;
  return await changeApp(context, app.id, apply, { type: "app.updated", actor, message });
}

function merge(
  context: Context,
  app: App,
  kind: Kind,
  changes: Changes,
  { replace = false, force = false }: ChangeOptions,
): Pick<App, "config" | "secrets"> {
  const other: Kind = kind === "env" ? "secrets" : "env";
  const all = { env: { ...app.config.env }, secrets: { ...app.secrets } };
  const before = all[kind];
  if (replace) all[kind] = {};
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) {
      if (!Object.hasOwn(before, name)) throw missing(app, kind, name);
      delete all[kind][name];
      continue;
    }
    checkValue(app, name, value);
    if (Object.hasOwn(all[other], name) && !force) throw taken(app, other, name);
    delete all[other][name];
    all[kind][name] = kind === "env" ? value : seal(context, app, name, value);
  }
  return { config: { ...app.config, env: all.env }, secrets: all.secrets };
}

/** An equal value stays as it is sealed: nothing has changed then. */
function seal({ sealer }: Context, app: App, name: string, value: string): string {
  const before = app.secrets?.[name];
  if (value === MASK) {
    if (before !== undefined) return before;
    const hint = "That is what Gantry shows in place of a secret; give its value.";
    throw new GantryError("invalid-input", { reason: `the value of ${name} is a mask`, field: name, hint });
  }
  const sealed = sealer.seal(value, secretPlace(app.id, name));
  return before !== undefined && sealedMark(before) === sealedMark(sealed) ? before : sealed;
}

export const missing = (app: App, kind: Kind, name: string): GantryError =>
  new GantryError("variable-missing", { app: app.name, kind: KIND[kind], name: name.slice(0, 80) });

function taken(app: App, other: Kind, name: string): GantryError {
  const hint =
    other === "secrets"
      ? "With --force it becomes a variable that everybody with access to Gantry can read."
      : "With --force it becomes a secret.";
  return new GantryError("variable-taken", { app: app.name, name, kind: KIND[other], field: name, hint });
}

const MANY = 10;

/** Names alone, never values; null where nothing differs. */
function describe(app: App, next: Pick<App, "config" | "secrets">): string | null {
  const words = [
    ...differences("", app.config.env, next.config.env),
    ...differences("secret ", app.secrets ?? {}, next.secrets ?? {}),
  ];
  if (words.length === 0) return null;
  return words.length <= MANY
    ? words.join(", ")
    : `${words.slice(0, MANY).join(", ")} and ${words.length - MANY} more`;
}

function differences(what: string, before: Record<string, string>, after: Record<string, string>): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => {
    if (!Object.hasOwn(after, name)) return [`${what}${name} removed`];
    return Object.hasOwn(before, name) && before[name] === after[name] ? [] : [`${what}${name} set`];
  });
}
