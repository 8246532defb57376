// The Node toolchain.
import type { Toolchain } from "../../domain/toolchain.ts";
import { ANYTHING, type PackagePolicy } from "../allow-list.ts";
import { buildNode } from "./build.ts";
import { checkNode, createSyntaxProgram } from "./check.ts";
import { detectNode } from "./detect.ts";

export function createNode(policy: PackagePolicy = ANYTHING): Toolchain {
  const program = createSyntaxProgram();
  return {
    name: "node",
    detect: detectNode,
    build: (order, signal) => buildNode(order, policy, signal),
    check: (order, signal) => checkNode(program, order, signal),
    close: () => program.close(),
  };
}
