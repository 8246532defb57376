// Removes what a killed daemon had only half fetched.
import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";

/**
 * Tools are fetched into folders that begin with a dot, and get their name when they are whole. To be called before the first build:
 * nobody works in such a folder then, because a build's programs end with their daemon. What can't be removed stays.
 */
export async function removeUnfinished({ settings, log }: Context): Promise<void> {
  const folder = join(settings.home, "tools");
  for (const name of unfinishedIn(folder))
    await rm(join(folder, name), { recursive: true, force: true }).catch((error: unknown) =>
      log.warn("a half fetched tool could not be removed", { name, error: String(error) }),
    );
}

function unfinishedIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.startsWith("."));
  } catch {
    return [];
  }
}
