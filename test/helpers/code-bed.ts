// A code store in a home of its own, and looks at what it left on disk.
import { createHash } from "node:crypto";
import { globSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TreeLimits } from "../../src/domain/code-store.ts";
import { createCodeStore } from "../../src/sources/code-store/code-store.ts";

export const LIMITS: TreeLimits = { maxBytes: 64 * 2 ** 20, maxFiles: 10_000 };

export const codeBed = (home = mkdtempSync(join(tmpdir(), "gantry-code-")), graceMs = 0) => {
  const store = createCodeStore({ home, graceMs });
  const root = (app = "app") => join(home, "apps", app, "releases");
  return {
    home,
    store,
    root,
    /** Stores these files: path → text; a path that ends in `*` is executable. */
    async keep(files: Record<string, string>, app = "app") {
      const writer = store.begin(app, LIMITS);
      for (const [path, text] of Object.entries(files))
        await writer.add(path.replace(/\*$/, ""), text, { executable: path.endsWith("*") });
      return await writer.seal();
    },
    names: (folder: string, app = "app") => namesIn(join(root(app), folder)),
    objects: (app = "app") => globSync("objects/*/*", { cwd: root(app) }).map((path) => path.slice(11)),
    objectFile: (text: string, app = "app") => {
      const hash = createHash("sha256").update(text).digest("hex");
      return join(root(app), "objects", hash.slice(0, 2), hash);
    },
    end: () => rmSync(home, { recursive: true, force: true }),
  };
};

export type CodeBed = ReturnType<typeof codeBed>;

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
};

/** All files in a folder: path → text, with a `*` behind the path of an executable one. */
export function filesIn(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    const mark = lstatSync(path).mode & 0o111 ? "*" : "";
    found[path.slice(folder.length + 1) + mark] = readFileSync(path, "utf8");
  }
  return found;
}
