// What tells whether variables and secrets have changed, without keeping them a second time.
import { createHash } from "node:crypto";
import type { App } from "./app.ts";
import { sealedMark } from "./sealed.ts";

/** `env.NAME` or `secrets.NAME` → a short text that changes with the value. */
export type SettingMarks = Record<string, string>;

/** What marks are made of. */
export interface WithValues {
  config: Pick<App["config"], "env">;
  secrets?: Record<string, string>;
}

/** Marks of variables are hashes (they lie open beside them); those of secrets can't be guessed from. */
export function settingMarks({ config, secrets }: WithValues): SettingMarks {
  const marks: SettingMarks = { ...markVariables(config.env) };
  for (const [name, sealed] of Object.entries(secrets ?? {})) marks[`secrets.${name}`] = sealedMark(sealed);
  return marks;
}

/** Names of what is there in only one of them, or differs. */
export function changedSettings(before: SettingMarks, after: SettingMarks): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => before[name] !== after[name]).sort();
}

/** Rows are never changed in place, and lists of apps ask for the same ones again and again. */
const known = new WeakMap<Record<string, string>, SettingMarks>();

function markVariables(env: Record<string, string>): SettingMarks {
  const before = known.get(env);
  if (before !== undefined) return before;
  const marks: SettingMarks = {};
  for (const [name, value] of Object.entries(env))
    marks[`env.${name}`] = createHash("sha256").update(value).digest("base64url").slice(0, 16);
  known.set(env, marks);
  return marks;
}
