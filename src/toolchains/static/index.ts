// The static toolchain: a folder of files that the edge serves; nothing is installed and nothing runs.
import { join } from "node:path";
import type { Detection, Toolchain } from "../../domain/toolchain.ts";
import { buildFailed } from "../build-step.ts";
import { isFile } from "../folder.ts";

/** Where sites lie, the likeliest first; `_site` is what generators make of the root. */
const ROOTS = ["_site", "", "public", "dist", "build", "docs", "www", "site"];

export const createStatic = (): Toolchain => ({
  name: "static",
  async detect(dir, hints): Promise<Detection | null> {
    if (hints.run !== null || hints.entry !== null) return null;
    const root = await findRoot(dir);
    if (root === null) return null;
    return {
      toolchain: "static",
      framework: null,
      entry: null,
      run: null,
      listens: "none",
      check: { type: "none" },
      evidence: [join(root, "index.html")],
      confidence: root === "" ? 0.4 : 0.35,
    };
  },
  async build(order) {
    const root = await findRoot(order.dir);
    if (root === null) throw buildFailed("there is no index.html any more");
    return { argv: [], env: {}, staticRoot: join(order.dir, root), reused: true };
  },
});

/** The folder with the index.html, relative; "" is the root. */
async function findRoot(dir: string): Promise<string | null> {
  for (const root of ROOTS) if (await isFile(join(dir, root, "index.html"))) return root;
  return null;
}
