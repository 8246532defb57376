// `gantry serve`: the daemon, in the foreground.
import { command } from "../command.ts";
import { Failure } from "../failure.ts";
import { exitCode } from "../output.ts";
import { answers } from "../start-daemon.ts";

/** How the daemon says to its keeper that another try is useless (see `keeper.ts`). */
const CANNOT_START = [75, 78];

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
      throw new Failure("unreachable", `Another daemon uses ${home.dir}`, {
        code: "home-locked",
        hint: "Stop it with gantry down --all.",
      });
    }
    process.env.GANTRY_HOME = home.dir;
    process.once("exit", (status) => {
      if (CANNOT_START.includes(status)) process.exitCode = exitCode("unreachable");
    });
    const { runDaemon } = (await import(session.daemonFile.href)) as DaemonModule;
    await runDaemon();
  },
});
