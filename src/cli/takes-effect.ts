// What to say of settings that running instances do not know yet.
import type { AppView } from "../domain/app-view.ts";
import { harmless } from "../lib/harmless-text.ts";
import { settingWord } from "./setting-lines.ts";

const MANY = 5;

/** `run and env.A take effect with the next restart: gantry restart notes.` */
export function takesEffect({ name, notApplied }: Pick<AppView, "name" | "notApplied">): string {
  const names = notApplied.map((each) => harmless(settingWord(each)));
  const last = names.length > MANY ? `${names.length - MANY + 1} more` : (names.at(-1) ?? "");
  const others = names.slice(0, names.length > MANY ? MANY - 1 : -1);
  const takes = others.length === 0 ? `${last} takes` : `${others.join(", ")} and ${last} take`;
  return `${takes} effect with the next restart: gantry restart ${harmless(name)}.`;
}
