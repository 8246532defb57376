// Is all still there that a release needs to start?
import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Context } from "../context.ts";
import type { Release } from "../domain/release.ts";

/** Is all that its launch names still there: working copy, environment, program? */
export function canStart({ settings }: Context, { launch }: Release): boolean {
  const envs = join(settings.home, "envs", "/");
  const words = [...launch.argv, ...Object.values(launch.env).flatMap((value) => value.split(":"))];
  const environments = words
    .filter((word) => word.startsWith(envs))
    .map((word) => join(envs, word.slice(envs.length).split("/")[0] ?? ""));
  const [program = ""] = launch.argv;
  const places = [launch.cwd, launch.staticRoot, isAbsolute(program) ? program : null, ...environments];
  return places.every((place) => place === null || existsSync(place));
}
