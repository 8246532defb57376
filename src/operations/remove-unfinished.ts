// Removes what a killed daemon had only half fetched or taken in.
import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";

/**
 * Tools are fetched into folders that begin with a dot, and get their name when they are whole; uploads lie in a folder of their own
 * while they come, and code of an app in its `incoming`. To be called before the first build and the first request: nobody works on them then, because a build's programs end
 * with their daemon. What can't be removed stays.
 */
export async function removeUnfinished({ settings, log }: Pick<Context, "settings" | "log">): Promise<void> {
  const places = [
    ...namesIn(settings.home, "tools").filter((path) => /\/\.[^/]*$/.test(path)),
    ...namesIn(settings.home, "uploads"),
    ...namesIn(settings.home, "apps").flatMap((app) => namesIn(app, "releases/incoming")),
  ];
  for (const path of places)
    await rm(path, { recursive: true, force: true }).catch((error: unknown) =>
      log.warn("what was half fetched could not be removed", { path, error: String(error) }),
    );
}

function namesIn(home: string, folder: string): string[] {
  try {
    return readdirSync(join(home, folder)).map((name) => join(home, folder, name));
  } catch {
    return [];
  }
}
