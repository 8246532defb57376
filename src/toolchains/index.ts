// All toolchains; where two are equally sure of a folder, the first one takes it.
import type { Toolchain } from "../domain/toolchain.ts";
import { ANYTHING, type PackagePolicy } from "./allow-list.ts";
import { createCommand } from "./command/index.ts";
import { createNode } from "./node/index.ts";
import { createPython } from "./python/index.ts";
import { createStatic } from "./static/index.ts";

/** `policy`: what may be installed; default: anything. */
export function createToolchains(policy: PackagePolicy = ANYTHING): Toolchain[] {
  return [createPython({ uv: true, policy }), createNode(policy), createStatic(), createCommand()];
}
