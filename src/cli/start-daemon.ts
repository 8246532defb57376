// Makes sure that a daemon runs, and says why not.
import { Failure } from "./failure.ts";
import { withoutToken } from "./git-token.ts";
import { type Home, makeHome } from "./home.ts";
import { startKeeper } from "./keeper.ts";
import { takeTurn } from "./start-turn.ts";

const POLL_MS = 10;
export const PATIENCE_MS = 20_000;
/** The keeper's exit status when another daemon has the home (see `keeper.ts`): that one is waited for. */
const OTHER_DAEMON = 75;

export interface DaemonPlace {
  home: Home;
  daemonFile: URL;
  env: NodeJS.ProcessEnv;
}

/** Is there a daemon that takes connections? */
export function answers(socketPath: string): Promise<boolean> {
  const { connect } = process.getBuiltinModule("node:net");
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/**
 * Resolves when a daemon takes connections: true when it had to be started. Two of these at once end with one daemon: they take
 * turns, and in the end the kernel's lock on the home decides; the loser's keeper goes. Throws `unreachable` with the reason.
 */
export async function startDaemon(place: DaemonPlace): Promise<boolean> {
  const { home } = place;
  if (await answers(home.socket)) return false;
  makeHome(home);
  const deadline = performance.now() + PATIENCE_MS;
  const endTurn = await waitForTurn(home, deadline);
  if (endTurn === null) return false;
  try {
    await startAndWait(place, deadline);
    return true;
  } finally {
    endTurn();
  }
}

/** Resolves to null when a daemon came up meanwhile, else to how the turn is given back. */
async function waitForTurn(home: Home, deadline: number): Promise<(() => void) | null> {
  for (;;) {
    const endTurn = takeTurn(home.startTurn);
    if (endTurn !== null && !(await answers(home.socket))) return endTurn;
    endTurn?.();
    if (endTurn !== null || (await answers(home.socket))) return null;
    if (performance.now() > deadline) throw notStarted(home, lengthOf(home.daemonLog), undefined);
    await pause();
  }
}

async function startAndWait({ home, daemonFile, env }: DaemonPlace, deadline: number): Promise<void> {
  const { fileURLToPath } = process.getBuiltinModule("node:url");
  const said = lengthOf(home.daemonLog);
  const keeper = startKeeper({
    program: process.execPath,
    daemonFile: fileURLToPath(daemonFile),
    logFile: home.daemonLog,
    env: { ...withoutToken(env), GANTRY_HOME: home.dir, NODE_COMPILE_CACHE: home.compiled },
  });
  let status: number | null | undefined;
  keeper.once("exit", (code) => {
    status = code;
  });
  while (performance.now() < deadline) {
    if (await answers(home.socket)) return;
    if (status !== undefined && status !== OTHER_DAEMON) break;
    await pause();
  }
  if (status === undefined && keeper.pid !== undefined) process.kill(-keeper.pid, "SIGTERM");
  throw notStarted(home, said, status);
}

export const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, POLL_MS));

/** The owner has to correct something: no daemon can start before. */
const WRONG = new Set(["invalid-setting", "invalid-manifest"]);

export function notStarted(home: Home, said: number, status: number | null | undefined): Failure {
  const { reason, hint, code } = lastWords(home.daemonLog, said);
  if (status !== undefined && status !== OTHER_DAEMON && reason !== undefined && WRONG.has(code ?? ""))
    return new Failure("invalid", reason, { code, hint });
  const what =
    status === undefined
      ? `The daemon did not answer within ${PATIENCE_MS / 1000} s`
      : status === OTHER_DAEMON
        ? "Another daemon has this home but does not answer"
        : "The daemon can't start";
  return new Failure("unreachable", reason === undefined ? what : `${what}: ${reason}`, {
    code: "daemon-gone",
    hint: hint ?? `Its log is ${home.daemonLog}.`,
  });
}

export function lengthOf(file: string): number {
  const { statSync } = process.getBuiltinModule("node:fs");
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

interface LastWords {
  reason?: string;
  hint?: string;
  code?: string;
}

/** What the daemon wrote behind `offset`: its last error (a JSON line with `message`, perhaps `hint` and `code`), else its last line. */
export function lastWords(file: string, offset: number): LastWords {
  const { readFileSync } = process.getBuiltinModule("node:fs");
  let text: string;
  try {
    text = readFileSync(file).subarray(offset).toString();
  } catch {
    return {};
  }
  const lines = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-20);
  for (const line of lines.toReversed()) {
    const entry = parseEntry(line);
    if (entry !== undefined) return entry;
  }
  const last = lines.at(-1);
  return last === undefined ? {} : { reason: last.slice(0, 300) };
}

function parseEntry(line: string): LastWords | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const { level, message, msg, hint, code } = JSON.parse(line) as Record<string, unknown>;
    const reason = message ?? msg;
    if (
      typeof reason !== "string" ||
      !(level === "error" || level === "fatal" || level === 50 || level === 60)
    )
      return undefined;
    return {
      reason,
      ...(typeof hint === "string" && { hint }),
      ...(typeof code === "string" && { code }),
    };
  } catch {
    return undefined;
  }
}
