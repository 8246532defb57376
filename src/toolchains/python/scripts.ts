// Plain scripts: which one is meant, and how it is run.
import { realpath } from "node:fs/promises";
import { basename } from "node:path";
import { quoteWords } from "../../domain/split-words.ts";
import type { Detection } from "../../domain/toolchain.ts";
import type { FoundFile, Inspection } from "./inspect.ts";
import { reachable } from "./inspect.ts";
import { cannotListen } from "./serve-line.ts";

export interface Script {
  file: string;
  /** `streamlit` or `gradio`, where it is one. */
  kind: string | null;
  /** It does not even parse. */
  broken: boolean;
  confidence: number;
}

const NAMES = ["main.py", "app.py", "run.py", "server.py", "bot.py", "worker.py", "start.py", "__main__.py"];

/** The script that a person would run, or null. Only files at the top are looked at, and packages with `__main__.py`. */
export async function findScript(dir: string, inspection: Inspection): Promise<Script | null> {
  const top = inspection.files.filter((found) => !found.file.includes("/"));
  const broken = inspection.errors.map((error) => error.file).filter((file) => !file.includes("/"));
  const folder = basename(await realpath(dir).catch(() => dir)).replaceAll("-", "_");
  for (const name of [...NAMES, `${folder}.py`]) {
    const found = top.find((file) => file.file === name);
    if (found && (found.statements || found.mainGuard)) return script(found, 0.6);
    if (broken.includes(name)) return { file: name, kind: null, broken: true, confidence: 0.6 };
  }
  const runnable = top.filter((file) => file.file !== "__init__.py" && (file.mainGuard || file.statements));
  const guarded = runnable.filter((file) => file.mainGuard);
  const only = runnable.length === 1 ? runnable[0] : guarded.length === 1 ? guarded[0] : undefined;
  if (only) return script(only, 0.5);
  if (runnable.length === 0 && broken.length === 1 && broken[0])
    return { file: broken[0], kind: null, broken: true, confidence: 0.5 };
  const packages = inspection.files.filter((file) => /^(?:src\/)?[^/]+\/__main__\.py$/.test(file.file));
  return packages.length === 1 && packages[0] ? script(packages[0], 0.5) : null;
}

const script = (found: FoundFile, confidence: number): Script => ({
  file: found.file,
  kind: found.kind === "streamlit" || found.kind === "gradio" ? found.kind : null,
  broken: false,
  confidence: found.kind === "streamlit" || found.kind === "gradio" ? 0.9 : confidence,
});

export function scriptDetection(
  script: Script,
  inspection: Inspection,
  facts: string[],
  isProject: boolean,
): Detection {
  const streamlit = script.kind === "streamlit";
  const imports = new Set(reachable(inspection, script.file).flatMap((found) => found.far));
  return {
    toolchain: "python",
    framework:
      script.kind ?? ["nicegui", "aiohttp", "tornado", "dash"].find((name) => imports.has(name)) ?? null,
    entry: null,
    run: runLine(script),
    listens: streamlit
      ? "required"
      : !script.broken && cannotListen(inspection, script.file)
        ? "none"
        : "optional",
    check: streamlit ? { type: "http", path: "/_stcore/health" } : null,
    evidence: [`script ${script.file}`, ...facts],
    confidence: Math.min(0.95, script.confidence + (isProject ? 0.1 : 0)),
  };
}

function runLine(script: Script): string {
  if (script.kind === "streamlit")
    return `${quoteWords(["streamlit", "run", script.file])} --server.address $HOST --server.port $PORT --server.headless true`;
  const package_ = /^(src\/)?([^/]+)\/__main__\.py$/.exec(script.file);
  if (package_?.[2] && !package_[1]) return quoteWords(["python", "-m", package_[2]]);
  return quoteWords(["python", script.file]);
}
