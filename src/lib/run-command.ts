// Runs one program to its end: no shell, bounded memory, and nothing left of it when it is cut short.
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, type WriteStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import type { Readable } from "node:stream";

export interface CommandOptions {
  cwd: string;
  /** The whole environment of the program. */
  env: NodeJS.ProcessEnv;
  /** When it aborts, the program and all that it started are killed, and the promise rejects with its reason. */
  signal?: AbortSignal | undefined;
  /** Milliseconds; the program is killed then, and `timedOut` is true. */
  timeoutMs?: number;
  /** Receives all output (appended; created 0600). */
  outputFile?: string;
  /** It ends, with all of its group, when this process dies: nothing goes on that nobody waits for. */
  lifeline?: boolean;
  /** Called with each line of output without its end; lines are cut at 8 kB. */
  onLine?: (line: string) => void;
}

export interface CommandResult {
  /** Null when a signal ended it. */
  code: number | null;
  signal: string | null;
  timedOut: boolean;
  /** The first 4 MiB of standard output. */
  stdout: string;
  /** The last 200 lines of both outputs. */
  lines: string[];
}

const STDOUT_LIMIT = 4 * 1024 * 1024;
const LINE_LIMIT = 8 * 1024;
const KEPT_LINES = 200;
/** How long output is waited for that children of the ended program may still hold open, in milliseconds. */
const LINGER_MS = 1_000;

/** Waits for the end of descriptor 3, which only this process holds, and kills the group. Takes no text of others. */
const LIFELINE = '{ cat <&3; kill -KILL 0; } >/dev/null 2>&1 & exec "$@" 3<&-';

/** Runs `command` and resolves when it ended, whatever its exit code. Rejects when it can't be started or was aborted. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  options.signal?.throwIfAborted();
  const child = start(command, args, options);
  const output = collect(child, options);
  let timedOut = false;
  let killed: Promise<void> | undefined;
  const kill = () => {
    killed = killSession(child.pid);
  };
  const timer = setTimeout(
    () => {
      timedOut = true;
      kill();
    },
    options.timeoutMs ?? 2 ** 31 - 1,
  );
  options.signal?.addEventListener("abort", kill, { once: true });
  try {
    const { code, signal } = await ended(child);
    await Promise.all([killed, output.finish()]);
    options.signal?.throwIfAborted();
    return { code, signal, timedOut, stdout: output.stdout(), lines: output.lines };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", kill);
    output.close();
  }
}

function start(
  command: string,
  args: readonly string[],
  { cwd, env, lifeline }: CommandOptions,
): ChildProcess {
  const options = { cwd, env, detached: true };
  if (!lifeline) return spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const words = ["-c", LIFELINE, "sh", command, ...args];
  const child = spawn("/bin/sh", words, { ...options, stdio: ["ignore", "pipe", "pipe", "pipe"] });
  const line = child.stdio[3];
  line?.on("error", () => {});
  child.once("exit", () => line?.destroy());
  return child;
}

/** Resolves a little after the program's end, so that all of its output has been read. */
function ended(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      const lingering = setTimeout(() => {
        void killSession(child.pid);
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve({ code, signal });
      }, LINGER_MS);
      child.once("close", () => {
        clearTimeout(lingering);
        resolve({ code, signal });
      });
    });
  });
}

function collect(child: ChildProcess, options: CommandOptions) {
  const file = options.outputFile ? createWriteStream(options.outputFile, { flags: "a", mode: 0o600 }) : null;
  file?.on("error", () => file.destroy());
  const lines: string[] = [];
  const keep = (line: string): void => {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    options.onLine?.(line);
  };
  const chunks: Buffer[] = [];
  let kept = 0;
  child.stdout?.on("data", (chunk: Buffer) => {
    if (kept < STDOUT_LIMIT) chunks.push(chunk.subarray(0, STDOUT_LIMIT - kept));
    kept += chunk.length;
  });
  const flushes = [child.stdout, child.stderr].map((stream) =>
    stream ? pour(stream, file, keep) : () => {},
  );
  return {
    lines,
    stdout: () => Buffer.concat(chunks).toString("utf8"),
    finish: async () => {
      for (const flush of flushes) flush();
      if (file && !file.destroyed) await new Promise<void>((resolve) => file.end(resolve));
    },
    close: () => file?.destroy(),
  };
}

/** Copies a stream to the file at the file's speed, and splits it into lines. Returns what hands over the last one. */
function pour(stream: Readable, file: WriteStream | null, keep: (line: string) => void): () => void {
  const decoder = new TextDecoder();
  let partial = "";
  const resume = () => void stream.resume();
  file?.on("drain", resume).on("close", resume);
  stream.on("data", (chunk: Buffer) => {
    if (file && !file.destroyed && !file.write(chunk)) stream.pause();
    const parts = (partial + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r/);
    partial = (parts.pop() ?? "").slice(0, LINE_LIMIT);
    for (const line of parts) if (line !== "") keep(line.slice(0, LINE_LIMIT));
  });
  return () => {
    if (partial !== "") keep(partial);
    partial = "";
  };
}

/** Kills the process group, and on Linux whatever else is in the session that the process leads. */
async function killSession(pid: number | undefined): Promise<void> {
  if (pid === undefined) return;
  send(-pid);
  if (process.platform !== "linux") return;
  for (const name of await readdir("/proc")) {
    if (/^\d+$/.test(name) && (await sessionOf(name)) === pid) send(Number(name));
  }
}

async function sessionOf(pid: string): Promise<number | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[3]);
  } catch {
    return null;
  }
}

function send(target: number): void {
  try {
    process.kill(target, "SIGKILL");
  } catch {
    // Nothing of it is left.
  }
}
