// Runs git in a workplace, within limits of time and bytes, and leaves nothing of it running.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { formatDuration } from "../../domain/duration.ts";
import { GantryError } from "../../domain/errors.ts";
import { type CommandResult, runCommand } from "../../lib/run-command.ts";
import { explain } from "./explain.ts";
import type { Workplace } from "./workplace.ts";

export interface GitLimits {
  /** Bytes on disk that one fetch may bring. */
  maxBytes: number;
  /** A fetch is given up when it brings no byte and says nothing for so long, in milliseconds. */
  stallMs: number;
}

export interface Git {
  place: Workplace;
  signal: AbortSignal;
  /** Runs git to its end. Throws `git-failed` unless it succeeds or `accept` takes its lines. */
  run(args: readonly string[], options?: RunOptions): Promise<CommandResult>;
}

export interface RunOptions {
  /** Another repository than the workplace's. */
  repository?: string;
  /** Should this failure be returned instead of thrown? */
  accept?: (lines: readonly string[]) => boolean;
}

/** How often a running git is looked at, in milliseconds. */
const LOOK_MS = 100;

/** `signal` ends every git at once, with its reason; `onLine` gets each line that git prints, as it is. */
export function createGit(
  place: Workplace,
  limits: GitLimits,
  signal: AbortSignal,
  onLine: (line: string) => void,
): Git {
  return {
    place,
    signal,
    async run(args, { repository = place.repository, accept = () => false } = {}) {
      const watch = watchFolder(place.dir, limits);
      try {
        const result = await runCommand("git", args, {
          cwd: place.dir,
          env: { ...place.env, GIT_DIR: repository },
          signal: AbortSignal.any([signal, watch.signal]),
          lifeline: true,
          onLine: (line) => {
            watch.sign();
            onLine(line);
          },
        });
        await watch.look();
        watch.signal.throwIfAborted();
        if (result.code !== 0 && !accept(result.lines)) throw explain(result, place.secrets);
        return result;
      } finally {
        watch.end();
      }
    },
  };
}

/** Aborts `signal` when the folder grows over the limit, or when neither it grows nor `sign` is called. */
function watchFolder(dir: string, { maxBytes, stallMs }: GitLimits) {
  const limit = new AbortController();
  let [bytes, sign] = [0, performance.now()];
  const look = async () => {
    const found = await sizeOf(dir);
    if (found !== bytes) sign = performance.now();
    bytes = found;
    if (bytes > maxBytes)
      limit.abort(
        new GantryError("too-large", {
          what: "The repository",
          limit: `${Math.floor(maxBytes / 2 ** 20)} MiB`,
        }),
      );
    else if (performance.now() - sign > stallMs)
      limit.abort(
        new GantryError("git-failed", { reason: `nothing came from it for ${formatDuration(stallMs)}` }),
      );
  };
  const timer = setInterval(() => void look(), LOOK_MS);
  return {
    signal: limit.signal,
    look,
    sign: () => {
      sign = performance.now();
    },
    end: () => clearInterval(timer),
  };
}

/** Bytes of all files below, as far as they can be seen: git moves and removes some meanwhile. */
async function sizeOf(dir: string): Promise<number> {
  let bytes = 0;
  const names = await readdir(dir, { withFileTypes: true }).catch(() => []);
  for (const entry of names) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) bytes += await sizeOf(path);
    else if (entry.isFile())
      bytes += await stat(path).then(
        ({ size }) => size,
        () => 0,
      );
  }
  return bytes;
}
