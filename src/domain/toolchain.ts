// The contract of everything that turns code into something runnable.
import type { ToolchainName } from "./app.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { Check } from "./health.ts";
import type { Launch, Listens } from "./release.ts";

/** What was found in a folder, shown to people before anything runs. Nothing of the folder's code has been executed. */
export interface Detection {
  toolchain: ToolchainName;
  framework: string | null;
  /** `module:variable` for ASGI/WSGI apps. */
  entry: string | null;
  /** The command line as people would write it, with $PORT and $HOST. Null for static. */
  run: string | null;
  listens: Listens;
  /** How to check it where the toolchain knows better than "the port is open". */
  check: Check | null;
  /** Short facts for people: "requirements.txt", "FastAPI app in main.py:7". */
  evidence: string[];
  /** The folder in it, with dependencies of its own, that the app lies in: there may be other apps beside. */
  part?: string;
  /** 0 to 1: which toolchain wins when several find something. */
  confidence: number;
}

/** What the owner said; it wins over what is detected. */
export interface Hints {
  entry: string | null;
  run: string | null;
}

export interface BuildProgress {
  /** `environment`, `dependencies`, `compile`… */
  stage: string;
  /** One line of text. */
  message: string;
  /** A program printed it: it is in the log file already. */
  printed?: boolean;
}

export interface BuildOrder {
  dir: string;
  /** `dir` is a copy that Gantry made for a release, not the owner's folder: shared packages may be put into it. Default: false. */
  isCopy?: boolean;
  detection: Detection;
  hints: Hints;
  shell: boolean;
  args: string[];
  /** Shared environments live here, a folder for each content; each use renews its time, and old ones in no release go. */
  envsDir: string;
  /** Tools that Gantry fetches for itself (uv). */
  toolsDir: string;
  /** Receives everything that the build prints. */
  logFile: string;
  onProgress: (progress: BuildProgress) => void;
}

/** Code that is to be looked at before anything is built. */
export interface CheckOrder {
  /** It may lie in memory (`lib/files-in-memory.ts`). */
  dir: string;
  /** What would run; null where nothing was found. */
  detection: Detection | null;
  hints: Hints;
  /** As in `BuildOrder`. What is there already tells what is installed; nothing is made. */
  envsDir: string;
}

export interface Build {
  /** `$PORT`, `${PORT}`, `$HOST` stay and are filled at each start. Empty for static. */
  argv: string[];
  /** Additions to the environment: PATH, VIRTUAL_ENV… */
  env: Record<string, string>;
  staticRoot: string | null;
  /** True when nothing had to be installed. */
  reused: boolean;
}

/** What a process is started with that waits to become an instance; see `Engine.prepare`. */
export interface Preparation {
  argv: string[];
  /** Goes over the environment that an instance has before the owner's own variables. */
  env: Record<string, string>;
}

export interface PreparationOrder {
  /** Of the release whose successor may come. */
  launch: Launch;
  /** Names of the variables that the owner sets. */
  variables: string[];
  envsDir: string;
  toolsDir: string;
}

export interface Toolchain {
  readonly name: ToolchainName;
  /** Null when this toolchain sees nothing of its own in `dir`. Never executes the folder's code. */
  detect(dir: string, hints: Hints, signal?: AbortSignal): Promise<Detection | null>;
  /**
   * Makes the environment. Throws `GantryError("build-failed")` whose `reason` names the failing package or line, and
   * leaves nothing half made. `details.lines` may hold the last output, joined by line ends.
   */
  build(order: BuildOrder, signal?: AbortSignal): Promise<Build>;
  /**
   * What is wrong with the code, without running, building or installing anything; in milliseconds where it was asked before.
   * Errors are only what would surely keep the app from starting: broken files that the entry does not reach, and all that is
   * in doubt, are warnings.
   */
  check?(order: CheckOrder, signal?: AbortSignal): Promise<Diagnostic[]>;
  /** How a process gets ready before it is known which code it will run; null where that would not help, or would be noticed. */
  prepare?(order: PreparationOrder): Promise<Preparation | null>;
  /** Ends the helpers that it keeps warm. */
  close?(): Promise<void>;
}
