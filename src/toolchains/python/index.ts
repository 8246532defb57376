// The Python toolchain.
import type { Toolchain } from "../../domain/toolchain.ts";
import { ANYTHING } from "../allow-list.ts";
import { buildPython, type PythonOptions } from "./build.ts";
import { checkPython } from "./check.ts";
import { detectPython } from "./detect.ts";
import { createPythonChecker } from "./inspect.ts";
import { preparePython } from "./warm-start.ts";

/** Python with the project's own environment, or a shared one made by uv, or by venv and pip. */
export function createPython(options: PythonOptions = { uv: true }): Toolchain {
  const checker = createPythonChecker();
  return {
    name: "python",
    detect: (dir, hints, signal) => detectPython(checker, dir, hints, signal),
    prepare: preparePython,
    build: (order, signal) => buildPython(order, { ...options, checker }, signal),
    check: (order, signal) => checkPython({ checker, policy: options.policy ?? ANYTHING }, order, signal),
    close: () => checker.close(),
  };
}
