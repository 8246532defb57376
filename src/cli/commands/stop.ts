// `gantry stop`: ends apps and waits until it is done.
import { actOnApps, STOP } from "../act-on-apps.ts";
import { command } from "../command.ts";

export default command({
  description:
    "Returns when nothing of the app is left. An app that was stopped stays so until it is started.",
  arguments: [{ name: "app", summary: "its name; several are possible", many: true, complete: "app" }],
  options: {
    all: { type: "flag", short: "a", summary: "all apps" },
    force: { type: "flag", summary: "do not ask the hook pre_stop" },
  },
  examples: [
    { line: "gantry stop notes", what: "the app, with everything that it started" },
    { line: "gantry stop --all", what: "all of them" },
  ],
  run: ({ args, options }, session) =>
    actOnApps(STOP, args, { all: options.all, force: options.force }, session),
});
