// All toolchains; where two are equally sure of a folder, the first one takes it.
import type { Toolchain } from "../domain/toolchain.ts";
import { createCommand } from "./command/index.ts";
import { createNode } from "./node/index.ts";
import { createPython } from "./python/index.ts";
import { createStatic } from "./static/index.ts";

export function createToolchains(): Toolchain[] {
  return [createPython(), createNode(), createStatic(), createCommand()];
}
