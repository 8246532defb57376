// The code of an app as Gantry keeps it: immutable trees of files, named by their content.

export interface TreeFile {
  /** Relative, with `/`, without `.`, `..` and empty parts; unique within the tree, also when case is ignored on such file systems. */
  path: string;
  bytes: number;
  /** SHA-256 of the content, in hex. */
  hash: string;
  executable: boolean;
}

/** `hash` is made from paths, contents and modes alone: the same code twice is the same tree. */
export interface Tree {
  /** SHA-256 in hex. */
  hash: string;
  /** Sorted by path. */
  files: TreeFile[];
  bytes: number;
}

/** Where the code of a release is. `live`: the owner's folder, as it lies there; `tree`: kept by Gantry, never changed. */
export type Code = { type: "live" } | { type: "tree"; hash: string; subfolder: string; bytes: number };

/** One file that differs between two trees. Texts have a unified diff; null for binary or very large files. */
export interface FileChange {
  path: string;
  change: "added" | "removed" | "changed";
  diff: string | null;
}
