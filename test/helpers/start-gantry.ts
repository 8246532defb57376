// A Gantry that ends with the test that started it, also when the test fails.
import { onTestFinished } from "vitest";
import { createGantry, type Gantry } from "./gantry.ts";

/** See `createGantry`. The test fails when something of it outlives `gantry down --all`. */
export async function startGantry(options: { env?: Record<string, string> } = {}): Promise<Gantry> {
  const gantry = await createGantry(options);
  onTestFinished(gantry.end);
  return gantry;
}
