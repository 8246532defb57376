// The shell program between Gantry and an app: it joins the groups, waits for the app and writes down how it ended.
import { readFileSync } from "node:fs";
import type { Exit } from "../../domain/instance.ts";
import { readShellStatus } from "../../lib/signals.ts";

const NAME = "gantry-shim";

/**
 * Constant: nothing of a user ever becomes part of it. Words: status file, entrances of groups…, `--`, names of parcels…,
 * `--`, the app. A parcel is a variable that holds `NAME=value` of one that the shell itself must not see while it is loaded: as a
 * word it would be in the list of processes, for all to read.
 * Before it runs the app it waits for the daemon's word on descriptor 3, and ends when the daemon is gone. It lets go of the descriptor then:
 * whoever holds the other end knows by it that this process can be recognised by mark and command line.
 * It has handlers instead of ignoring signals, because an app inherits what is ignored but not what is handled; and the
 * app runs in the foreground, because a background command of a shell without job control ignores INT and QUIT. Its
 * umask is the usual one, not the daemon's, which keeps its files to itself. The shell's own remarks ("Killed") stay out of the app's log.
 * It has no variables of its own: they would be the app's, too.
 */
export const SHIM = `trap : HUP INT QUIT USR1 USR2 PIPE ALRM TERM TSTP TTIN TTOU
enter() { while [ "$2" != -- ]; do echo 0 >"$2"; shift; done; }
run() {
shift
while [ "$1" != -- ]; do shift; done
shift
while [ "$1" != -- ]; do eval "export \\"\\$$1\\"; unset $1"; shift; done
shift
exec "$@" 2>&3 3>&-
}
enter "$@" 2>/dev/null
read -r _ <&3 || exit
exec 3>&2 2>/dev/null
(umask 022; run "$@")
set -- "$1" $?
echo "$2" >"$1"
exit "$2"`;

/** Variables that change how the shell itself is loaded or reads words: set by it for the app only. */
const LOADER = /^(LD_|GLIBC_|MALLOC_|DYLD_|IFS$|ENV$|BASH_ENV$|SHELLOPTS$|PS4$)/;
/** What a shell passes on; other names get lost in it. */
const PORTABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Without the variables whose names no shell can pass on. */
export const portable = (env: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => PORTABLE.test(name)));

export interface ShimCall {
  /** What follows the script. */
  words: string[];
  env: Record<string, string>;
  /** Names that no shell can pass on. */
  dropped: string[];
}

/** How `/bin/sh -c` runs the script. `argv[0]` must hold a slash, or a builtin of the shell could be run instead. */
export function shimCall(
  argv: string[],
  env: Record<string, string>,
  exitFile: string,
  entrances: string[],
): ShimCall {
  const plain: Record<string, string> = {};
  const parcels: string[] = [];
  const dropped: string[] = [];
  for (const name in env) {
    const value = env[name] ?? "";
    if (!PORTABLE.test(name)) dropped.push(name);
    else if (LOADER.test(name)) plain[addParcel(parcels, env)] = `${name}=${value}`;
    else plain[name] = value;
  }
  return {
    words: [NAME, exitFile, ...entrances, "--", ...parcels, "--", ...argv],
    env: plain,
    dropped,
  };
}

/** The name of a further parcel, which is no variable of the app's. */
function addParcel(parcels: string[], env: Record<string, string>): string {
  let name = `GANTRY_PARCEL_${parcels.length}`;
  while (name in env) name += "_";
  parcels.push(name);
  return name;
}

/** Is this the command line of a shim, or of its copy that has not yet become the app? */
export const isAnyShim = (commandLine: string[]): boolean => commandLine[3] === NAME;

/** Is this the command line of a shim with that status file? */
export const isShim = (commandLine: string[], exitFile: string): boolean =>
  isAnyShim(commandLine) && commandLine[4] === exitFile;

/** How the app ended; null while it runs, or when nothing could be written. A line without its end is not complete. */
export function readExitFile(path: string): Exit | null {
  let text: string;
  try {
    text = readFileSync(path, "latin1");
  } catch {
    return null;
  }
  return /^\d{1,3}\n$/.test(text) ? readShellStatus(Number(text)) : null;
}
