// `gantry start`: starts apps and waits until it is done.
import { actOnApps, START } from "../act-on-apps.ts";
import { command } from "../command.ts";

export default command({
  description:
    "Builds first when a build is needed, then waits until the app is healthy. Does nothing to an app that runs.",
  arguments: [{ name: "app", summary: "its name; several are possible", many: true, complete: "app" }],
  options: {
    all: { type: "flag", short: "a", summary: "all apps" },
    force: { type: "flag", summary: "go on where Gantry would refuse for safety" },
  },
  examples: [
    { line: "gantry start notes", what: "the app, and wait until it is healthy" },
    { line: "gantry start --all", what: "all of them" },
  ],
  run: ({ args, options }, session) =>
    actOnApps(START, args, { all: options.all, force: options.force }, session),
});
