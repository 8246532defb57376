// The contract of the place where Gantry keeps code: every app has its own.
import type { Readable } from "node:stream";
import type { Tree, TreeFile } from "./code.ts";

/** Limits of one tree. */
export interface TreeLimits {
  maxBytes: number;
  maxFiles: number;
}

/** A tree while it is filled. Nothing of it is visible before `seal`; `abort` (also after a failure) leaves nothing. */
export interface TreeWriter {
  /**
   * Adds one file while its content comes. Throws `invalid-path` for a path that is none (absolute, `..`, backslash, control
   * characters, too long, a file where another has a folder, twice the same), and `too-large` over the limits. May be called
   * again before it has ended. After a failure nothing more can be added or sealed.
   */
  add(
    path: string,
    content: Readable | Uint8Array | string,
    options?: { executable?: boolean },
  ): Promise<void>;
  /** Adds a file of an earlier tree of the same app, without reading it. Throws as `add`, and `code-missing`. */
  include(file: TreeFile): Promise<void>;
  /** As given to `begin`. */
  readonly limits: TreeLimits;
  /** Bytes and files so far. */
  readonly bytes: number;
  readonly files: number;
  /** Stores the tree, durable on disk. Throws `disk-full`. */
  seal(): Promise<Tree>;
  abort(): Promise<void>;
}

/** `app` is the name of the folder that the app has in `GANTRY_HOME/apps`. */
export interface CodeStore {
  begin(app: string, limits: TreeLimits): TreeWriter;
  /** Throws `code-missing` where it is not (or no longer) kept. */
  tree(app: string, hash: string): Promise<Tree>;
  /** The content as it was stored, whatever an app did to its working copy. Throws `code-missing`. */
  read(app: string, hash: string, path: string): Promise<Buffer>;
  /**
   * The tree as a folder to run in: whole, or not there. An existing one is returned as it is: apps may have written into it.
   * Returns its absolute path.
   */
  checkOut(app: string, hash: string, signal?: AbortSignal): Promise<string>;
  /** Copies one tree from an app to another. */
  copy(from: string, to: string, hash: string): Promise<void>;
  /**
   * Removes all trees, working copies and contents but these. Also what aborted writers left, when older than an hour. A tree that
   * was sealed or checked out within the last minute, and was in no `keep` since, stays too: its row may not be written yet.
   */
  prune(app: string, keep: ReadonlySet<string>): Promise<void>;
}
