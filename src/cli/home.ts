// Where Gantry keeps its files, seen from the command line.
import { Failure } from "./failure.ts";

export interface Home {
  /** Absolute path of GANTRY_HOME. */
  dir: string;
  socket: string;
  database: string;
  /** Node's compiled code of the daemon: 50 ms at each of its starts. */
  compiled: string;
  /** Held while a daemon is being started (see `start-turn.ts`). */
  startTurn: string;
  /** What the daemon prints when nobody watches. */
  daemonLog: string;
}

/** sun_path of unix(7) has 108 bytes on Linux and 104 elsewhere, the closing zero included. */
const MAX_SOCKET_PATH = process.platform === "linux" ? 107 : 103;

/** `$GANTRY_HOME`, else `~/.gantry`. Touches nothing. Throws `invalid` where no home can be. */
export function findHome(env: NodeJS.ProcessEnv): Home {
  const { join, resolve } = process.getBuiltinModule("node:path");
  const given = env.GANTRY_HOME || (env.HOME ? join(env.HOME, ".gantry") : undefined);
  if (given === undefined) {
    throw new Failure("invalid", "Neither GANTRY_HOME nor HOME is set", {
      code: "invalid-setting",
      field: "GANTRY_HOME",
      hint: "Set GANTRY_HOME to the folder in which Gantry shall keep its files.",
    });
  }
  const dir = resolve(given);
  if (Buffer.byteLength(join(dir, "gantry.sock")) > MAX_SOCKET_PATH) {
    throw new Failure("invalid", `${dir} is too long`, {
      code: "invalid-setting",
      field: "GANTRY_HOME",
      hint: "Set GANTRY_HOME to a shorter path: the system limits the path of its socket.",
    });
  }
  return {
    dir,
    socket: join(dir, "gantry.sock"),
    database: join(dir, "gantry.db"),
    compiled: join(dir, "cache"),
    startTurn: join(dir, "starting"),
    daemonLog: join(dir, "daemon.log"),
  };
}

/** Makes the home (0700). Throws a failure that says why it can't be used. */
export function makeHome(home: Home): void {
  const { mkdirSync, accessSync, constants } = process.getBuiltinModule("node:fs");
  try {
    mkdirSync(home.dir, { recursive: true, mode: 0o700 });
    accessSync(home.dir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Failure(isFile(error) ? "invalid" : "failed", `${home.dir} can't be used: ${reason(error)}`, {
      code: "home-unusable",
      field: "GANTRY_HOME",
      hint: "Set GANTRY_HOME to a folder that you may write to.",
    });
  }
}

const isFile = (error: unknown): boolean =>
  ["ENOTDIR", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "");

const REASONS: Record<string, string> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOTDIR: "a part of the path is a file, not a folder",
  EEXIST: "it is a file, not a folder",
  ENOSPC: "the disk is full",
  ENOENT: "it does not exist and can't be made",
};

const reason = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ""] ?? message;
};
