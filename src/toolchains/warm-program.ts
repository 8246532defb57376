// A program that answers one question a line and stays for the next one; where it fails, the question goes to a fresh one.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { createLimit } from "../lib/limit.ts";

export interface ProgramOptions {
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  /** Milliseconds without a question after which the program is ended. */
  idleMs?: number;
  /** Milliseconds that one question may take. */
  timeoutMs?: number;
  /** Milliseconds that others wait for a question; then they get processes of their own. For the first question it is ten times as long. */
  patienceMs?: number;
}

/**
 * The program reads questions from its standard input, one JSON document a line, writes an answer to each, and ends when its input
 * ends: also when this process was killed.
 */
export interface WarmProgram {
  /** The answer, or null where neither the warm process nor a fresh one gave any. Rejects only when `signal` aborts. */
  ask(question: unknown, signal?: AbortSignal): Promise<unknown>;
  /** When it was last asked, by `performance.now()`. */
  readonly usedAt: number;
  /** Returns when the process is gone; later questions are answered by fresh ones. */
  close(): Promise<void>;
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

interface Job {
  line: string;
  done: (answer: unknown) => void;
}

const MAX_ANSWER = 64 * 1024 * 1024;
/** Fresh processes at once, for all programs together. */
const inTurn = createLimit(2);

export function createWarmProgram(options: ProgramOptions): WarmProgram {
  const { idleMs = 300_000, timeoutMs = 20_000, patienceMs = 400 } = options;
  const waiting: Job[] = [];
  let warm: Warm | null = null;
  let patience: NodeJS.Timeout | undefined;
  /** The present question takes long. */
  let isSlow = false;
  let closed = false;
  let usedAt = performance.now();

  const askFresh = (job: Job): void => {
    void inTurn(() => once(options, job.line, timeoutMs)).then(job.done);
  };
  const next = (): void => {
    if (warm?.busy) return;
    clearTimeout(patience);
    isSlow = false;
    const job = waiting.shift();
    if (job === undefined) return;
    patience = setTimeout(
      () => {
        isSlow = true;
        for (const other of waiting.splice(0)) askFresh(other);
      },
      warm === null ? patienceMs * 10 : patienceMs,
    );
    warm ??= startWarm(options, { idleMs, timeoutMs }, (gone) => {
      if (warm === gone) warm = null;
      next();
    });
    warm.ask(job.line, (answer) => {
      if (answer === undefined) askFresh(job);
      else job.done(answer);
      next();
    });
  };

  return {
    get usedAt() {
      return usedAt;
    },
    async ask(question, signal) {
      signal?.throwIfAborted();
      usedAt = performance.now();
      const { promise, resolve } = Promise.withResolvers<unknown>();
      const job: Job = { line: `${JSON.stringify(question)}\n`, done: resolve };
      if (closed || isSlow) askFresh(job);
      else {
        waiting.push(job);
        next();
      }
      return await abortable(promise, signal, () => leave(waiting, job));
    },
    async close() {
      closed = true;
      for (const job of waiting.splice(0)) askFresh(job);
      await warm?.end();
    },
  };
}

function leave(waiting: Job[], job: Job): void {
  const at = waiting.indexOf(job);
  if (at !== -1) waiting.splice(at, 1);
}

async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined, undo: () => void): Promise<T> {
  if (signal === undefined) return await work;
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => {
    undo();
    reject(signal.reason);
  };
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

interface Warm {
  readonly busy: boolean;
  /** `done` gets the answer, or undefined when the process ended instead. */
  ask(line: string, done: (answer: unknown) => void): void;
  end(): Promise<void>;
}

function startWarm(
  options: ProgramOptions,
  { idleMs, timeoutMs }: { idleMs: number; timeoutMs: number },
  onGone: (gone: Warm) => void,
): Warm {
  const child = start(options);
  const gone = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("close", () => resolve());
  });
  let current: ((answer: unknown) => void) | null = null;
  let timer: NodeJS.Timeout | undefined;
  const settle = (answer: unknown): void => {
    const done = current;
    current = null;
    clearTimeout(timer);
    timer = setTimeout(() => child.stdin.end(), idleMs).unref();
    hold(child, false);
    done?.(answer);
  };
  readLines(child, (line) => settle(parse(line)));
  const self: Warm = {
    get busy() {
      return current !== null;
    },
    ask(line, done) {
      current = done;
      clearTimeout(timer);
      timer = setTimeout(() => kill(child), timeoutMs);
      hold(child, true);
      child.stdin.write(line);
    },
    async end() {
      child.stdin.end();
      const last = setTimeout(() => kill(child), 300);
      hold(child, true);
      await gone;
      clearTimeout(last);
    },
  };
  void gone.then(() => {
    // First, so that no question goes to it any more.
    onGone(self);
    settle(undefined);
    clearTimeout(timer);
  });
  return self;
}

/** One question to one process. */
async function once(options: ProgramOptions, line: string, timeoutMs: number): Promise<unknown> {
  const child = start(options);
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const timer = setTimeout(() => kill(child), timeoutMs);
  readLines(child, (text) => resolve(parse(text)));
  child.once("error", () => resolve(null));
  child.once("close", () => resolve(null));
  child.stdin.end(line);
  try {
    return (await promise) ?? null;
  } finally {
    clearTimeout(timer);
    kill(child);
  }
}

/** In a session of its own: what a terminal sends to the daemon is not meant for it. */
function start({ command, args, env }: ProgramOptions): Child {
  const child = spawn(command, args, { cwd: "/", env, detached: true, stdio: ["pipe", "pipe", "ignore"] });
  // It may be gone before the question is there: "close" tells.
  child.stdin.on("error", () => {});
  child.stdout.on("error", () => {});
  return child;
}

function readLines(child: Child, onLine: (line: string) => void): void {
  let parts: Buffer[] = [];
  let bytes = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    parts.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_ANSWER) return kill(child);
    if (chunk.at(-1) !== 10) return;
    const line = Buffer.concat(parts).toString("utf8");
    parts = [];
    bytes = 0;
    onLine(line);
  });
}

/** Undefined where it is no JSON. */
function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** While it has nothing to do it keeps nobody running. */
function hold(child: Child, is: boolean): void {
  const what = is ? "ref" : "unref";
  child[what]();
  for (const stream of [child.stdin, child.stdout]) (stream as Partial<Socket>)[what]?.();
}

function kill(child: Child): void {
  if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
}
