// `gantry restart`: restarts apps and waits until it is done.
import { actOnApps, RESTART } from "../act-on-apps.ts";
import { command } from "../command.ts";

export default command({
  description:
    "Starts a new instance, waits until it is healthy, moves the requests over and stops the old one, where the port may change.",
  arguments: [{ name: "app", summary: "its name; several are possible", many: true, complete: "app" }],
  options: {
    all: { type: "flag", short: "a", summary: "all apps" },
    force: { type: "flag", summary: "go on where Gantry would refuse for safety" },
  },
  examples: [
    { line: "gantry restart notes", what: "the app, without a gap" },
    { line: "gantry restart --all", what: "all of them" },
  ],
  run: ({ args, options }, session) =>
    actOnApps(RESTART, args, { all: options.all, force: options.force }, session),
});
