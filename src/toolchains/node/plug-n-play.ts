// Yarn's Plug'n'Play: packages without node_modules, found by a loader that Node must be told of.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isFile } from "../folder.ts";

/** What `yarn run` sets for the project; null when it has a node_modules folder like most. */
export async function plugAndPlay(dir: string): Promise<Record<string, string> | null> {
  const hook = join(dir, ".pnp.cjs");
  if (!(await isFile(hook))) return null;
  const loader = join(dir, ".pnp.loader.mjs");
  const options = [`--require ${JSON.stringify(hook)}`];
  if (await isFile(loader)) options.push(`--experimental-loader ${pathToFileURL(loader).href}`);
  return { NODE_OPTIONS: options.join(" ") };
}
