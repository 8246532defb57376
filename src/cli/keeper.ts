// Keeps a daemon alive: a shell loop, about 1 MB, in a session of its own, that starts the daemon again when it dies.
import type { ChildProcess } from "node:child_process";

/** Node's options for a process that mostly waits: a small young generation, no code made large for speed; 20 MB less. What a crash needs stays compiled. */
export const SMALL = "--max-semi-space-size=2 --optimize-for-size --no-opt --no-flush-bytecode";
/** One heap for all threads of glibc's allocator: saves another 4 MB. Apps do not inherit it. */
export const SMALL_ENV = { MALLOC_ARENA_MAX: "1" };

/**
 * `$0 $1 $2 $3`: what runs the daemon (program, file), the PID of a daemon that already runs, or nothing, and the file that tells who
 * keeps the daemon that had the home last: whoever waited while another one took over ends. It ends when the daemon
 * was asked to stop (0, or INT/TERM before it could listen to them), when another daemon has the home (75, EX_TEMPFAIL of
 * sysexits.h), or when it can't start here (64 and 78, EX_USAGE and EX_CONFIG) and never could: once it ran there are apps to look after, and a
 * full disk gets free again. Else it waits 0.2 s, doubling to 10 s, and starts over; a life of three
 * seconds resets that: whoever kills the daemon every few seconds finds it back at once each time.
 * A constant: no user's text ever becomes part of the script.
 */
const SCRIPT = `
umask 077
if [ -n "$2" ]; then while kill -0 "$2" 2>/dev/null; do sleep 0.5; done; fi
tenths=2
ran=$2
while :; do
  began=$(date +%s)
  "$0" ${SMALL} "$1" --kept $$
  status=$?
  case $status in 0|75|130|143) exit $status ;; 64|78) if [ -z "$ran" ]; then exit $status; fi ;; esac
  if [ $(( $(date +%s) - began )) -ge 3 ]; then tenths=2; ran=1; fi
  sleep $(( tenths / 10 )).$(( tenths % 10 ))
  tenths=$(( tenths * 2 ))
  if [ $tenths -gt 100 ]; then tenths=100; fi
  if [ -r "$3" ] && read -r by < "$3" && [ "$by" != $$ ]; then exit 75; fi
done
`;

export interface KeeperOrder {
  /** What runs the daemon: a Node binary and the daemon's file. */
  program: string;
  daemonFile: string;
  /** Receives what the daemon prints; appended to. */
  logFile: string;
  env: NodeJS.ProcessEnv;
  /** A daemon that already runs and has lost its keeper. */
  pid?: number;
}

/**
 * Starts the keeper, detached: it outlives this process. The child is returned for watching; it is not waited for.
 * Throws when the log file can't be opened.
 */
export function startKeeper(order: KeeperOrder): ChildProcess {
  const { spawn } = process.getBuiltinModule("node:child_process");
  const { openSync, closeSync } = process.getBuiltinModule("node:fs");
  const log = openSync(order.logFile, "a", 0o600);
  try {
    const args = [
      "-c",
      SCRIPT,
      order.program,
      order.daemonFile,
      order.pid === undefined ? "" : String(order.pid),
      keeperFile(order.logFile),
    ];
    const child = spawn("/bin/sh", args, {
      cwd: "/",
      env: { ...SMALL_ENV, ...order.env },
      detached: true,
      stdio: ["ignore", log, log],
    });
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

const keeperFile = (logFile: string): string => {
  const { dirname, join } = process.getBuiltinModule("node:path");
  return join(dirname(logFile), "keeper");
};

/** Says who keeps the daemon that has the home now; null: nobody. Where that can't be said nobody is named: all go on then. */
export function nameKeeper(logFile: string, pid: number | null): void {
  const { rmSync, writeFileSync } = process.getBuiltinModule("node:fs");
  const file = keeperFile(logFile);
  try {
    writeFileSync(file, `${pid ?? 0}\n`, { mode: 0o600 });
  } catch {
    rmSync(file, { force: true });
  }
}

/** How often a kept daemon looks for its keeper. */
const WATCH_MS = 1000;

/** The PID of the keeper that started this process, perhaps dead since; null where no keeper did. */
export function keeperOf(argv: string[]): number | null {
  const at = argv.indexOf("--kept");
  // A keeper from before an upgrade does not tell its PID.
  return at < 0 ? null : Number(argv[at + 1]) || process.ppid;
}

/**
 * For a daemon that was started by the keeper `first`: looks whether that still lives and, when it was killed, starts
 * another one that takes over. Costs one system call a second. The returned function is to be called before the
 * daemon ends because it was asked to: it ends the watch, and the keeper that this daemon has started.
 */
export function replaceLostKeeper(first: number, order: Omit<KeeperOrder, "pid">): () => void {
  let own: ChildProcess | undefined;
  const replace = () => {
    own = startKeeper({ ...order, pid: process.pid }).on("exit", () => {
      own = undefined;
    });
    nameKeeper(order.logFile, own.pid ?? null);
  };
  const timer = setInterval(() => {
    if (own === undefined && process.ppid !== first) replace();
  }, WATCH_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    if (own?.pid !== undefined) process.kill(-own.pid, "SIGTERM");
  };
}
