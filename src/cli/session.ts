// What every command is handed: where it runs, what it prints to, and the daemon.

import type { CommandEntry } from "./command.ts";
import { type DaemonLink, type Daemons, linkDaemon } from "./daemon-link.ts";
import { findHome, type Home } from "./home.ts";
import { createOutput, type Output } from "./output.ts";
import type { Globals } from "./parse.ts";
import { describeTerminal } from "./terminal.ts";

export interface Session {
  out: Output;
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** True when `--yes` was given: nothing is asked. */
  yes: boolean;
  commands: CommandEntry[];
  /** The daemon's own file: `dist/daemon.js`, or the source when Gantry runs from source. */
  daemonFile: URL;
  /** Throws when there is none to be had. */
  home(): Home;
  daemon(): DaemonLink;
}

/** What the entry file knows. */
export interface Program {
  /** URL of the entry file. */
  entry: string;
  commands: CommandEntry[];
  daemons: Daemons;
}

export function createSession(globals: Globals, { entry, commands, daemons }: Program): Session {
  const { env } = process;
  const out = createOutput({
    json: globals.json,
    quiet: globals.quiet,
    program: programName(env),
    terminal: describeTerminal(env, globals.noColor),
  });
  const daemonFile = new URL(entry.endsWith(".ts") ? "../daemon.ts" : "./daemon.js", entry);
  let link: DaemonLink | undefined;
  const home = () => findHome(env);
  return {
    out,
    env,
    cwd: currentFolder(),
    yes: globals.yes,
    commands,
    daemonFile,
    home,
    daemon: () => {
      link ??= linkDaemon({ home: home(), daemonFile, env }, daemons, out);
      return link;
    },
  };
}

/** npm and npx say so in the environment of what they run; then one types `npx gantry`. */
export const programName = (env: NodeJS.ProcessEnv): string =>
  env.npm_command === undefined && env.npm_lifecycle_event === undefined ? "gantry" : "npx gantry";

/** The root where the current folder was deleted. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return "/";
  }
}
