// A release as every face shows it.
import type { ToolchainName } from "./app.ts";

/** `serving`: instances of it serve (or its files are served). `good`: it was ready once. `failed`: its deploy failed. `kept`: never tried. */
export type ReleaseState = "serving" | "good" | "failed" | "kept";

/** Times are ISO 8601 in UTC. */
export interface ReleaseView {
  number: number;
  state: ReleaseState;
  /** Does it run when the app runs? */
  target: boolean;
  author: string | null;
  message: string | null;
  /** Where the code came from. */
  source: string | null;
  /** `live`: the linked folder, as it lies there. */
  code: "live" | "tree";
  /** Names the kept code; null for a live one. */
  tree: string | null;
  /** Of the kept code, in bytes; null for a live one. */
  size: number | null;
  createdAt: string;
  buildMs: number;
  pinned: boolean;
  deploymentId: string | null;
  toolchain: ToolchainName;
  framework: string | null;
  run: string | null;
  entry: string | null;
}
