// Names of branches, tags and commits, and the short form that names a repository with one of them.
import { GantryError } from "./errors.ts";
import { type GitLocation, type GitUrlRules, parseGitUrl } from "./git-url.ts";
import { shown } from "./shown.ts";

const MAX_LENGTH = 255;

/** Returns `value` when it can name a branch, a tag or a commit; else throws `invalid-input`. */
export function checkGitRef(value: unknown, field = "ref"): string {
  const problem = typeof value === "string" ? refProblem(value) : "it must be text";
  if (problem === null) return value as string;
  throw new GantryError("invalid-input", {
    reason: `${shown(value)} can't be a branch, tag or commit: ${problem}`,
    hint: "Give the name of a branch or tag, or at least 7 digits of a commit.",
    field,
  });
}

/** The rules of git-check-ref-format, and nothing that could be taken for an option. */
function refProblem(ref: string): string | null {
  if (ref === "") return "it is empty";
  if (ref.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`;
  if (!ref.isWellFormed() || /[\p{C}\p{Zl}\p{Zp}]/u.test(ref))
    return "it has control or invisible characters";
  if (ref.startsWith("-")) return "it begins with a hyphen";
  const wrong = /[\s~^:?*[\\]/u.exec(ref)?.[0];
  if (wrong !== undefined) return `${shown(wrong)} is not allowed`;
  if (ref.includes("..")) return '".." is not allowed';
  if (ref.includes("@{")) return '"@{" is not allowed';
  if (ref === "@") return "it is only an @";
  if (ref.startsWith("/") || ref.endsWith("/") || ref.includes("//")) return "a part of it is empty";
  if (ref.endsWith(".")) return "it ends with a dot";
  if (ref.split("/").some((part) => part.startsWith("."))) return "a part of it begins with a dot";
  if (ref.split("/").some((part) => part.endsWith(".lock"))) return 'a part of it ends with ".lock"';
  return null;
}

/** `url#ref` of the command line; without `#` or with nothing behind it `ref` is null. Throws `invalid-input`. */
export function parseGitSource(text: string, rules: GitUrlRules = {}): GitLocation & { ref: string | null } {
  const hash = text.indexOf("#");
  const location = parseGitUrl(hash === -1 ? text : text.slice(0, hash), rules);
  const ref = hash === -1 ? "" : text.slice(hash + 1);
  return { ...location, ref: ref === "" ? null : checkGitRef(ref) };
}
