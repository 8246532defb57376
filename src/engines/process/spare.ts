// A shell that waits to become the next shim: to fork the daemon takes longer than all else on the way to a successor.
import { isDead, newestProcessId, readProcess } from "../../lib/processes.ts";
import { type Shell, startShell } from "./shell.ts";
import { SHIM, type ShimCall } from "./shim.ts";

/**
 * Constant: what it reads stays words. `$0` is the shim's script. Over the line comes one word after the other: how many follow,
 * the folder, the log, variables…, `--`, the words of the shim. When the daemon dies before all of them came, it ends.
 */
const SCRIPT = `# gantry-spare
{
read -r line || exit
set -- "$line"
while [ $# -le "$1" ]; do IFS= read -r line || exit; set -- "$@" "$line"; done
} <&3
cd -P -- "$2" || exit
exec >>"$3" 2>&1
unset line OLDPWD
shift 3
while [ "$1" != -- ]; do export "$1"; shift; done
shift
exec /bin/sh -c "$0" "$@"`;

/** Variables that some shell keeps to itself and would not have set, and the one of the script. */
const SHELLS_OWN = /^(line|PPID|E?UID|GROUPS|LINENO|OPT\w*|BASH\w*|PS\d|FUNCNAME|DIRSTACK|RANDOM|SECONDS)$/;
/** The shell reads byte by byte and copies the words that it has for each that it gets. */
const MOST_BYTES = 16_384;
const MOST_WORDS = 200;
/** So long nothing is started before the next spare is: among many starts it would only be one more fork. */
const REST_MS = 100;

export interface TakenSpare extends Shell {
  /** The newest process of the machine when it was taken: those of the instance are younger. */
  since: number;
}

export class Spare {
  #waiting: Shell | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  /** Makes the waiting shell the shim of this call; null when there is none, or when it can't take the call. */
  take(call: ShimCall, cwd: string, logFile: string): TakenSpare | null {
    const shell = this.#waiting;
    const text = shell === null ? null : orderText(call, cwd, logFile);
    const since = newestProcessId();
    if (shell === null || text === null || since === null) return null;
    this.#waiting = null;
    const entry = readProcess(shell.pid);
    if (entry === null || isDead(entry)) return null;
    shell.line.write(text);
    return { ...shell, since };
  }

  /** To be called when an instance runs: there will be a spare when it ends. */
  prepare(): void {
    if (this.#closed) return;
    if (this.#timer !== null) this.#timer.refresh();
    else this.#timer = setTimeout(() => this.#start(), REST_MS).unref();
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#waiting?.line.destroy();
    this.#waiting = null;
  }

  #start(): void {
    this.#timer = null;
    if (this.#waiting !== null) return;
    try {
      const shell = startShell(["-c", SCRIPT, SHIM], { cwd: "/", env: {}, out: "ignore", err: "ignore" });
      this.#waiting = shell;
      shell.line.once("close", () => {
        if (this.#waiting === shell) this.#waiting = null;
      });
    } catch {
      // The next start does without.
    }
  }
}

/** Null when the shell can't take it. */
function orderText({ words, env }: ShimCall, cwd: string, logFile: string): string | null {
  if (Object.keys(env).some((name) => SHELLS_OWN.test(name))) return null;
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const all = [cwd, logFile, ...variables, "--", ...words];
  const text = `${all.length}\n${all.join("\n")}\n`;
  const fits = all.length <= MOST_WORDS && text.length <= MOST_BYTES;
  return fits && !all.some((word) => word.includes("\n")) ? text : null;
}
