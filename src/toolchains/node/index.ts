// The Node toolchain.
import type { Toolchain } from "../../domain/toolchain.ts";
import { buildNode } from "./build.ts";
import { checkNode, createSyntaxProgram } from "./check.ts";
import { detectNode } from "./detect.ts";

export function createNode(): Toolchain {
  const program = createSyntaxProgram();
  return {
    name: "node",
    detect: detectNode,
    build: buildNode,
    check: (order, signal) => checkNode(program, order, signal),
    close: () => program.close(),
  };
}
