// All engines that this program has: a plain list.
import type { Engine } from "../domain/engine.ts";
import { createProcessEngine } from "./process/process-engine.ts";

/** `home` is GANTRY_HOME. Daemon parts look engines up by their `name`. */
export const createEngines = (options: {
  home: string;
  log?: (message: string, details: Record<string, unknown>) => void;
}): Engine[] => [createProcessEngine(options)];
