// Looks into a folder and says what would run, without running anything of it.
import { realpathSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Context } from "../context.ts";
import { chooseDetection } from "../domain/choose-detection.ts";
import { GantryError } from "../domain/errors.ts";
import { nameFromFolder } from "../domain/name.ts";
import { quoteWords } from "../domain/split-words.ts";
import type { Detection, Hints } from "../domain/toolchain.ts";
import { foldersBelow } from "./folders-below.ts";
import { readComposeFile } from "./read-compose-file.ts";

export async function detectApp(
  context: Context,
  input: { path: string; run?: string | null; entry?: string | null },
): Promise<Detection & { name: string; path: string }> {
  const path = checkFolder(input.path);
  const detection = await detectNew(context, path, { run: input.run ?? null, entry: input.entry ?? null });
  return { ...detection, name: nameFromFolder(path), path };
}

/** What would run in a folder that is not registered yet. Throws `not-detected` also where one of several apps would have to be chosen. */
export async function detectNew(context: Context, path: string, hints: Hints): Promise<Detection> {
  const detection = await detectIn(context, path, hints);
  if (detection.part === undefined) return detection;
  const parts = await partsOf(context, path);
  if (parts.length < 2) return detection;
  throw new GantryError("not-detected", { path, hint: hintAt(parts) });
}

/** What runs in the folder. Throws `invalid-entry`, `not-detected`. */
export async function detectIn(
  context: Context,
  path: string,
  hints: Hints,
  signal?: AbortSignal,
): Promise<Detection> {
  const found = await lookInto(context, path, hints, signal);
  const compose = readComposeFile(path);
  if (found.every((one) => one === null) && hints.entry === null) {
    const hint = compose === null ? hintAt(await partsOf(context, path, signal)) : COMPOSE_HINT;
    throw new GantryError("not-detected", { path, hint });
  }
  const detection = chooseDetection(found, path, hints);
  return compose === null ? detection : { ...detection, evidence: [...detection.evidence, compose.evidence] };
}

const COMPOSE_HINT =
  "There is a compose file, but this version starts no containers. For the app itself: --run 'command', or run: in gantry.yaml.";

async function lookInto(
  context: Context,
  path: string,
  hints: Hints,
  signal?: AbortSignal,
): Promise<(Detection | null)[]> {
  return await Promise.all(context.toolchains.map((toolchain) => toolchain.detect(path, hints, signal)));
}

/** The folders in it that hold apps. */
async function partsOf(context: Context, path: string, signal?: AbortSignal): Promise<string[]> {
  const parts: string[] = [];
  for (const folder of foldersBelow(path)) {
    const found = await lookInto(context, join(path, folder), { run: null, entry: null }, signal);
    if (found.some((one) => one !== null)) parts.push(folder);
  }
  return parts;
}

const hintAt = (parts: string[]): string | undefined =>
  parts.length === 0 ? undefined : `There are apps in it: gantry up ${quoteWords(parts)}`;

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
