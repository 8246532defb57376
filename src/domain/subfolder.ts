// The folder within a tree that an app lies in.
import { GantryError } from "./errors.ts";
import { shown } from "./shown.ts";
import { treePathProblem } from "./tree-paths.ts";

/** `./api/` → `api`; nothing, `.` and `/`: the tree itself, `""`. Throws `invalid-path`. */
export function checkSubfolder(value: unknown, field = "subfolder"): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string")
    throw new GantryError("invalid-path", { path: shown(value), reason: "it must be text", field });
  const path = value.replace(/^(?:\.\/+)+/, "").replace(/\/+$/, "");
  if (path === "" || path === ".") return "";
  const reason = treePathProblem(path);
  if (reason !== null) throw new GantryError("invalid-path", { path: shown(value), reason, field });
  return path;
}
