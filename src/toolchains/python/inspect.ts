// What the syntax trees of a folder say: asks inspect_app.py in a process of its own.
import { fileURLToPath } from "node:url";
import { runCommand } from "../../lib/run-command.ts";
import { toolEnvironment } from "../tool-env.ts";

export interface FoundApp {
  /** Relative to the folder, as are all files here. */
  file: string;
  line: number;
  module: string;
  /** The folder that must be on Python's path; "" is the root. */
  base: string;
  variable: string;
  factory: boolean;
  kind: "asgi" | "wsgi" | "aiohttp";
  framework: string | null;
  /** The path of its own health route. */
  health: string | null;
  score: number;
}

export interface FoundFile {
  file: string;
  mainGuard: boolean;
  /** It does something when run: calls or loops at the top level. */
  statements: boolean;
  kind: string | null;
  /** Files of the project that it imports. */
  near: string[];
  /** Top-level modules of others that it needs. */
  far: string[];
  stdlib: string[];
  websockets: boolean;
  /** It takes forms or uploads, or renders templates: FastAPI needs more packages for these. */
  form: boolean;
  templates: boolean;
  /** It mentions "PORT". */
  port: boolean;
}

export interface Inspection {
  /** Best first. */
  apps: FoundApp[];
  files: FoundFile[];
  errors: { file: string; line: number; message: string }[];
  /** True when the folder was too large to be read in full. */
  truncated: boolean;
  /** The folders that name dependencies of their own: `backend`, `services/api`. */
  projects: string[];
  setup: { requires: string[]; dynamic: boolean };
  djangoAsgi: boolean;
  /** It serves no static files by itself. */
  djangoStatic: boolean;
}

export const NOTHING_FOUND: Inspection = {
  apps: [],
  files: [],
  errors: [],
  truncated: false,
  projects: [],
  setup: { requires: [], dynamic: false },
  djangoAsgi: false,
  djangoStatic: false,
};

const SCRIPT = fileURLToPath(new URL("./inspect_app.py", import.meta.url));

/** Reads the Python code of `dir` with `python`; nothing of it is imported. Takes at most 20 s, then finds nothing. */
export async function inspectFolder(dir: string, python: string, signal?: AbortSignal): Promise<Inspection> {
  const result = await runCommand(python, ["-I", "-S", "-B", SCRIPT, dir], {
    cwd: "/",
    env: toolEnvironment(),
    signal,
    timeoutMs: 20_000,
  });
  if (result.code !== 0) return { ...NOTHING_FOUND, truncated: true };
  return JSON.parse(result.stdout) as Inspection;
}

/** The file and all files of the project that it imports, directly or not. */
export function reachable(inspection: Inspection, file: string): FoundFile[] {
  const byName = new Map(inspection.files.map((found) => [found.file, found]));
  const seen = new Set<FoundFile>();
  const open = [file];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const found = byName.get(name);
    if (!found || seen.has(found)) continue;
    seen.add(found);
    open.push(...found.near);
  }
  return [...seen];
}
