// The code of an app as an editor sees it.
import type { TreeFile } from "./code.ts";

/** `none`: there is no code yet. `deployed`: a release has it. `not-deployed`: it was saved, and no release has it, or its deploy failed. */
export type DraftState = "none" | "deployed" | "not-deployed";

export interface DraftView {
  state: DraftState;
  /** Names the code; the tag for If-Match. Null while there is none. */
  tree: string | null;
  /** Of the release that is to run; null where there is none, or it runs a linked folder. */
  deployedTree: string | null;
  /** The folder in it that is the app; empty for all of it. */
  subfolder: string;
  /** ISO 8601; null for code that was deployed without a draft. */
  savedAt: string | null;
  author: string | null;
  bytes: number;
  files: TreeFile[];
}
