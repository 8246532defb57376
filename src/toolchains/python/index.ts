// The Python toolchain.
import type { Toolchain } from "../../domain/toolchain.ts";
import { buildPython, type PythonOptions } from "./build.ts";
import { detectPython } from "./detect.ts";

/** Python with the project's own environment, or a shared one made by uv, or by venv and pip. */
export const createPython = (options: PythonOptions = { uv: true }): Toolchain => ({
  name: "python",
  detect: detectPython,
  build: (order, signal) => buildPython(order, options, signal),
});
