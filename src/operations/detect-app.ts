// Looks into a folder and says what would run, without running anything of it.
import { realpathSync, statSync } from "node:fs";
import { isAbsolute } from "node:path";
import type { Context } from "../context.ts";
import { chooseDetection } from "../domain/choose-detection.ts";
import { GantryError } from "../domain/errors.ts";
import { nameFromFolder } from "../domain/name.ts";
import type { Detection, Hints } from "../domain/toolchain.ts";
import { readComposeFile } from "./read-compose-file.ts";

export async function detectApp(
  context: Context,
  input: { path: string; run?: string | null; entry?: string | null },
): Promise<Detection & { name: string; path: string }> {
  const path = checkFolder(input.path);
  const detection = await detectIn(context, path, { run: input.run ?? null, entry: input.entry ?? null });
  return { ...detection, name: nameFromFolder(path), path };
}

/** What runs in the folder. Throws `invalid-entry`, `not-detected`. */
export async function detectIn(
  context: Context,
  path: string,
  hints: Hints,
  signal?: AbortSignal,
): Promise<Detection> {
  const found = context.toolchains.map((toolchain) => toolchain.detect(path, hints, signal));
  const detection = chooseDetection(await Promise.all(found), path, hints);
  const compose = readComposeFile(path);
  return compose === null ? detection : { ...detection, evidence: [...detection.evidence, compose.evidence] };
}

/** The real path of a folder. Throws `invalid-path` where there is none, or it can't be read. */
export function checkFolder(path: string): string {
  if (!isAbsolute(path))
    throw new GantryError("invalid-path", { path, reason: "it must be an absolute path", field: "path" });
  if (path.includes("\0"))
    throw new GantryError("invalid-path", {
      path: "the path",
      reason: "it holds a NUL character",
      field: "path",
    });
  try {
    const real = realpathSync(path);
    if (!statSync(real).isDirectory())
      throw new GantryError("invalid-path", { path, reason: "it is not a folder", field: "path" });
    return real;
  } catch (error) {
    if (error instanceof GantryError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === "ENOENT"
        ? "there is no such folder"
        : code === "EACCES"
          ? "it can't be read"
          : `it can't be used (${code})`;
    throw new GantryError("invalid-path", { path, reason, field: "path" }, error);
  }
}
