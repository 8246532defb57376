// What lies beside code but is none: made by tools, different on each machine, made again when the app is built.

const FOLDERS = new Set([
  ".git",
  "node_modules",
  "__pycache__",
  ".venv",
  ".pytest_cache",
  ".mypy_cache",
  ".ruff_cache",
  "__MACOSX",
]);

/** A file with this name makes its folder a Python environment, whatever the folder's name. */
export const ENVIRONMENT_MARK = "pyvenv.cfg";

/** Is a file or folder of this name left out wherever it lies? In a submodule or a second work tree, `.git` is a file. */
export const isLeftOut = (name: string, isFolder: boolean): boolean =>
  isFolder ? FOLDERS.has(name) : name === ".git" || name === ".DS_Store" || name.endsWith(".pyc");
