// Removes shared environments that nobody needs any more.
import { readdirSync, renameSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";

/** So long an environment may lie unused, in milliseconds: somebody may come back to these requirements. */
const KEPT_MS = 30 * 86_400_000;
const GOING = ".going-";
/** Nothing is built while this looks: whoever began to fill it is dead. */
const HALF = ".new-";

/** Removes what no release of any app uses and no build has used for 30 days. Does nothing while something is built. */
export async function pruneEnvironments(context: Context): Promise<void> {
  const folder = join(context.settings.home, "envs");
  // All of this in one go: a build that begins later finds an environment whole, or not at all.
  for (const name of unused(context, folder)) renameSync(join(folder, name), join(folder, GOING + name));
  for (const name of namesIn(folder))
    if (name.startsWith(GOING)) await rm(join(folder, name), { recursive: true, force: true });
}

function unused({ store, clock }: Context, folder: string): string[] {
  for (const { state } of store.deployments.all()) if (state === "building") return [];
  const old = namesIn(folder).filter(
    (name) =>
      name.startsWith(HALF) ||
      (!name.startsWith(GOING) && clock.now() - statSync(join(folder, name)).mtimeMs > KEPT_MS),
  );
  if (old.length === 0) return [];
  const launches = [...store.releases.all()].map(({ launch }) => JSON.stringify(launch));
  return old.filter((name) => !launches.some((launch) => launch.includes(name)));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
