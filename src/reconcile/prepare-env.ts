// The environment of whatever is started for an app, with the folder that it names.
import { mkdirSync } from "node:fs";
import { GantryError } from "../domain/errors.ts";
import { dataFolder, instanceEnv } from "./instance-env.ts";

/** Throws `start-failed` or `key-unavailable`, with a sentence for people. */
export function prepareEnv(...args: Parameters<typeof instanceEnv>): Record<string, string> {
  const [context, app] = args;
  try {
    if (!app.system) mkdirSync(dataFolder(context, app), { recursive: true, mode: 0o700 });
    return instanceEnv(...args);
  } catch (error) {
    throw error instanceof GantryError
      ? error
      : new GantryError("start-failed", { reason: (error as Error).message }, error);
  }
}
