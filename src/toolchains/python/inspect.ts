// What the syntax trees of a folder say: asks inspect_app.py, which stays warm.
import { fileURLToPath } from "node:url";
import { filesInMemory } from "../../lib/files-in-memory.ts";
import { toolEnvironment } from "../tool-env.ts";
import { createWarmProgram, type WarmProgram } from "../warm-program.ts";

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

export interface FoundError {
  file: string;
  line: number;
  /** From 1, in UTF-16 code units; null where it is about the whole file. */
  column: number | null;
  message: string;
}

/** An import that neither Python itself nor the project answers. */
export interface MissingImport {
  /** As it is written; relative ones begin with dots. */
  module: string;
  line: number;
  column: number;
  /** Another distribution's; a module that its package in the project lacks; relative, but in no package. */
  kind: "far" | "project" | "relative";
  /** Without it the file can't be imported. */
  sure: boolean;
}

export interface Inspection {
  /** Best first. */
  apps: FoundApp[];
  files: FoundFile[];
  errors: FoundError[];
  /** True when the folder was too large to be read in full. */
  truncated: boolean;
  /** The folders that name dependencies of their own: `backend`, `services/api`. */
  projects: string[];
  setup: { requires: string[]; dynamic: boolean };
  djangoAsgi: boolean;
  /** It serves no static files by itself. */
  djangoStatic: boolean;
}

export interface CheckedCode extends Inspection {
  files: (FoundFile & {
    missing: MissingImport[];
    /** It changes where modules are looked for. */
    changesPath: boolean;
  })[];
  warnings: { file: string; line: number; message: string }[];
  /** Too large to be read. */
  large: string[];
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
/** So many interpreters are kept warm. */
const MAX_WARM = 2;

/** Asks inspect_app.py; a process for each interpreter stays for some minutes. Nothing of the code is imported or run. */
export interface PythonChecker {
  /** Reads the code of `dir`, which may lie in memory, with the interpreter `python`. Finds nothing where it fails. */
  inspect(dir: string, python: string, signal?: AbortSignal): Promise<Inspection>;
  /** The same, with what the compiler says and with the imports that nobody answers. Null where it fails. */
  check(dir: string, python: string, signal?: AbortSignal): Promise<CheckedCode | null>;
  /** What the module of `file` defines; null where nobody can tell without running it. */
  namesIn(dir: string, file: string, python: string, signal?: AbortSignal): Promise<string[] | null>;
  close(): Promise<void>;
}

export function createPythonChecker(): PythonChecker {
  const programs = new Map<string, WarmProgram>();
  const ask = async (python: string, question: unknown, signal?: AbortSignal): Promise<unknown> => {
    let program = programs.get(python);
    if (program === undefined) {
      if (programs.size >= MAX_WARM) letGo(programs);
      program = createWarmProgram({
        command: python,
        args: ["-I", "-S", "-B", SCRIPT],
        env: toolEnvironment(),
      });
      programs.set(python, program);
    }
    return await program.ask(question, signal);
  };
  return {
    async inspect(dir, python, signal) {
      const answer = await ask(python, codeIn(dir), signal);
      return answer === null ? { ...NOTHING_FOUND, truncated: true } : (answer as Inspection);
    },
    async check(dir, python, signal) {
      return (await ask(python, { ...codeIn(dir), checked: true }, signal)) as CheckedCode | null;
    },
    async namesIn(dir, file, python, signal) {
      return (await ask(python, { ...codeIn(dir, file), names: file }, signal)) as string[] | null;
    },
    async close() {
      await Promise.all([...programs.values()].map((program) => program.close()));
      programs.clear();
    },
  };
}

/** The one that was asked longest ago. */
function letGo(programs: Map<string, WarmProgram>): void {
  const [oldest] = [...programs].toSorted(([, a], [, b]) => a.usedAt - b.usedAt);
  if (oldest === undefined) return;
  programs.delete(oldest[0]);
  void oldest[1].close();
}

/** Contents in memory are sent along as far as they are of interest; of the others only that they are there. */
function codeIn(dir: string, only?: string): { root: string } | { files: Record<string, string | null> } {
  const files = filesInMemory(dir);
  if (files === undefined) return { root: dir };
  const isWanted = (path: string): boolean =>
    only === undefined ? path.endsWith(".py") || path === "setup.cfg" : path === only;
  const wanted = [...files].map(([path, content]): [string, string | null] => [
    path,
    content !== null && content.length <= MAX_SENT && isWanted(path) ? content.toString("latin1") : null,
  ]);
  return { files: Object.fromEntries(wanted) };
}

/** As in code_folder.py. */
const MAX_SENT = 512 * 1024;

/** The file and all files of the project that it imports, directly or not, as far as they can be read. */
export function reachable(inspection: Inspection, file: string): FoundFile[] {
  const reached = reachedFiles(inspection, file);
  return inspection.files.filter((found) => reached.has(found.file));
}

/** The names of the same, also of those that can't be read. */
export function reachedFiles({ files }: Inspection, file: string): Set<string> {
  const near = new Map(files.map((found) => [found.file, found.near]));
  const reached = new Set<string>();
  const open = [file];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    open.push(...(near.get(name) ?? []));
  }
  return reached;
}
