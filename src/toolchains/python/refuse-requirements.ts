// What a project asks for, held against the administrator's list before anything is fetched.
import { basename } from "node:path";
import { type AllowList, NOT_LISTED } from "../allow-list.ts";
import { readText } from "../folder.ts";
import type { InstallPlan } from "./install-plan.ts";
import { linesOf, nameOf } from "./requirements.ts";

export interface Refusal {
  requirement: string;
  /** Null where it is asked for in no file of lines. */
  file: string | null;
  line: number | null;
  /** The end of a sentence. */
  reason: string;
}

/** All requirements that may not be installed. `lines` stand for those of the plan where a lock file has been read. */
export async function refusedRequirements(
  list: AllowList,
  plan: InstallPlan,
  lines: readonly string[] = plan.lines,
): Promise<Refusal[]> {
  const found: Refusal[] = [];
  const look = (text: string, file: string | null, line: number | null): void => {
    const reason = whyNot(list, text);
    const [requirement = text] = text.split(/\s+--hash=/);
    if (reason !== null) found.push({ requirement: requirement.slice(0, 200), file, line, reason });
  };
  if (plan.project) look(".", plan.source, null);
  for (const path of plan.files)
    for (const { number, text } of linesOf((await readText(path)) ?? "")) look(text, basename(path), number);
  for (const line of lines) for (const { text } of linesOf(line)) look(text, plan.source, null);
  return found;
}

const HASH = /^(?:\s+--hash=sha(?:256|384|512):[0-9a-f]+)*\s*$/;

function whyNot(list: AllowList, text: string): string | null {
  if (text.startsWith("-")) return "options are not allowed, nor other files and indexes";
  if (/\$\{?\w/.test(text)) return "variables are not allowed";
  const [requirement = "", marker = ""] = text.split(/\s*;\s*(.*)/s);
  if (/@|:\/\/|^[a-z+]+:|[/\\]|\.(?:whl|zip|tar\.\w+|tgz)\b|^\.{1,2}(?:\[|$)/i.test(requirement))
    return "only packages of the index are allowed, no addresses and no paths";
  const options = /\s(--?[A-Za-z].*)$/.exec(marker === "" ? requirement : marker)?.[1];
  if (options !== undefined && !HASH.test(` ${options}`)) return "options are not allowed";
  const name = nameOf(requirement.replace(/\s+--hash=.*$/s, ""));
  if (name === null) return "it is no requirement";
  return list.allowsPython(name) ? null : NOT_LISTED;
}
