// `gantry serve`: the daemon, in the foreground.
import { command } from "../command.ts";
import { Failure, type FailureKind } from "../failure.ts";
import { TOKEN_VARIABLE } from "../git-token.ts";
import { makeHome } from "../home.ts";
import { SMALL, SMALL_ENV } from "../keeper.ts";
import { exitCode } from "../output.ts";
import { answers } from "../start-daemon.ts";

/** How the daemon says to its keeper that another try is useless (see `keeper.ts`), and what a person's shell is told. */
const CANNOT_START: Record<number, FailureKind> = {
  64: "usage",
  75: "conflict",
  78: "unreachable",
};

/** As the keeper starts it: large uploads would take 100 MB more. Comes back with another process in the same place, where the system can. */
function stayLight(): void {
  const flags = SMALL.split(" ");
  const { execPath, execArgv, argv, env } = process;
  if (process.platform === "win32" || flags.every((flag) => execArgv.includes(flag))) return;
  process.execve?.(execPath, [execPath, ...execArgv, ...flags, ...argv.slice(1)], { ...SMALL_ENV, ...env });
}

interface DaemonModule {
  runDaemon(): Promise<void>;
}

export default command({
  description:
    "Prints its log on stderr and ends with Ctrl-C; the apps go on. Other commands start a daemon in the background by themselves, so this is for service managers and for watching it.",
  arguments: [],
  options: {},
  examples: [{ line: "gantry serve", what: "until Ctrl-C" }],
  async run(_, session) {
    const home = session.home();
    if (await answers(home.socket)) {
      throw new Failure("conflict", `Another daemon uses ${home.dir}`, {
        code: "home-locked",
        hint: "Stop it with gantry down --all.",
      });
    }
    stayLight();
    makeHome(home);
    process.env.GANTRY_HOME = home.dir;
    delete process.env[TOKEN_VARIABLE];
    process.getBuiltinModule("node:module").enableCompileCache(home.compiled);
    process.once("exit", (status) => {
      const kind = CANNOT_START[status];
      if (kind !== undefined) process.exitCode = exitCode(kind);
    });
    const { runDaemon } = (await import(session.daemonFile.href)) as DaemonModule;
    await runDaemon();
  },
});
