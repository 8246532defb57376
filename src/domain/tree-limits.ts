// How large the code of an app may be.
import type { TreeLimits } from "./code-store.ts";
import type { Settings } from "./settings.ts";

const FILES = 50_000;
/** Source code packs to a fifth of its size, seldom to a tenth. */
const UNPACKED = 10;

/** Unpacked code may have ten times the bytes of an upload, and 50,000 files. */
export const treeLimits = ({ maxUploadMb }: Pick<Settings, "maxUploadMb">): TreeLimits => ({
  maxBytes: maxUploadMb * UNPACKED * 1_024 * 1_024,
  maxFiles: FILES,
});
