// A fetch into a code store of its own, with what it said, stored and left behind.
import { globSync } from "node:fs";
import type { TreeLimits } from "../../src/domain/code-store.ts";
import type { GitOrder } from "../../src/domain/source.ts";
import { fetchGit, type GitSourceOptions } from "../../src/sources/git/fetch-git.ts";
import { codeBed, LIMITS } from "./code-bed.ts";

export const gitBed = (options: Partial<GitSourceOptions> & { treeLimits?: TreeLimits } = {}) => {
  const bed = codeBed();
  const { treeLimits = LIMITS, ...rest } = options;
  const lines: string[] = [];
  return {
    home: bed.home,
    /** What `onProgress` got. */
    lines,
    /** The commit and all its files as text; a path of an executable one ends in `*`. */
    async fetch(order: Partial<GitOrder> & { url: string }, more: Partial<GitSourceOptions> = {}) {
      const writer = bed.store.begin("app", treeLimits);
      try {
        const result = await fetchGit(
          { ref: null, credential: null, onProgress: (line) => void lines.push(line), ...order },
          writer,
          { home: bed.home, ...rest, ...more },
        );
        const tree = await writer.seal();
        const files: Record<string, string> = {};
        for (const { path, executable } of tree.files) {
          const content = await bed.store.read("app", tree.hash, path);
          files[executable ? `${path}*` : path] = content.toString();
        }
        return { ...result, files };
      } catch (error) {
        await writer.abort();
        throw error;
      }
    },
    /** Folders of fetches that were not removed. */
    left: () => globSync("git/fetches/*", { cwd: bed.home }),
    end: bed.end,
  };
};
