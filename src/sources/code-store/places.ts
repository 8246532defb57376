// Where the code of one app lies on disk.
import { randomBytes } from "node:crypto";
import { join } from "node:path";

export interface Places {
  /** `apps/<name>/releases`, and what is in it. */
  root: string;
  objects: string;
  trees: string;
  work: string;
  incoming: string;
  /** The content with this hash. */
  object(hash: string): string;
  /** The list of the tree with this hash. */
  list(hash: string): string;
  workingCopy(hash: string): string;
  /** A new name for something that is not visible yet, or no longer. */
  staging(): string;
}

/** Characters of a tree's hash that name its working copy: enough, and short in an app's messages. */
export const SHORT = 16;

export function placesOf(home: string, app: string): Places {
  const root = join(home, "apps", app, "releases");
  const [objects, trees, work, incoming] = ["objects", "trees", "work", "incoming"].map((name) =>
    join(root, name),
  ) as [string, string, string, string];
  return {
    root,
    objects,
    trees,
    work,
    incoming,
    object: (hash) => join(objects, hash.slice(0, 2), hash),
    list: (hash) => join(trees, `${hash}.json`),
    workingCopy: (hash) => join(work, hash.slice(0, SHORT)),
    staging: () => join(incoming, randomBytes(8).toString("hex")),
  };
}
