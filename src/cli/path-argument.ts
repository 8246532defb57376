// Paths as the daemon needs them: absolute, and known to exist.
import { Failure } from "./failure.ts";
import type { Session } from "./session.ts";

/** Resolves against the current folder. Throws `invalid` when nothing is there. */
export function absolutePath(path: string, session: Pick<Session, "cwd">): string {
  const { resolve } = process.getBuiltinModule("node:path");
  const { statSync } = process.getBuiltinModule("node:fs");
  // Mostly a variable of a script that is not set: the current folder is not what it means.
  if (path === "") throw new Failure("invalid", "The path is empty", { code: "invalid-path", field: "path" });
  const absolute = resolve(session.cwd, path);
  try {
    statSync(absolute);
  } catch (error) {
    const missing = ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
    throw new Failure("invalid", `${JSON.stringify(path)} ${missing ? "does not exist" : "can't be read"}`, {
      code: "invalid-path",
      field: "path",
    });
  }
  return absolute;
}
