// The Node toolchain.
import type { Toolchain } from "../../domain/toolchain.ts";
import { buildNode } from "./build.ts";
import { detectNode } from "./detect.ts";

export const createNode = (): Toolchain => ({ name: "node", detect: detectNode, build: buildNode });
