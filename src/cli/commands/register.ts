// `gantry register`: makes a folder known as an app, without starting it.

import { harmless } from "../../lib/harmless-text.ts";
import { command } from "../command.ts";
import { keyValues } from "../key-value.ts";
import { absolutePath } from "../path-argument.ts";
import { portOption } from "../port-option.ts";
import { withProgress } from "../progress.ts";

export default command({
  description:
    "What kind of app it is and how to run it is found out by reading the folder; nothing of it is executed. Options win over what is found.",
  arguments: [{ name: "path", summary: "the app's folder; default: the current one", complete: "path" }],
  options: {
    name: { type: "text", short: "n", value: "name", summary: "the app's name; default: the folder's" },
    run: { type: "text", value: "command", summary: "how to run it; $PORT and $HOST are set" },
    entry: { type: "text", value: "module:variable", summary: "the ASGI or WSGI app, instead of --run" },
    port: { type: "text", short: "p", value: "port", summary: "auto, none or a number" },
    env: { type: "texts", short: "e", value: "KEY=value", summary: "set a variable; may be repeated" },
    force: { type: "flag", summary: "go on where Gantry would refuse for safety" },
  },
  examples: [
    { line: "gantry register", what: "this folder" },
    { line: "gantry register ./shop --name shop --port 8000", what: "another one, on a port of its own" },
    { line: 'gantry register ./bot --run "python bot.py"', what: "with its command" },
  ],
  async run({ args, options }, session) {
    const { out } = session;
    const path = absolutePath(args[0] ?? ".", session);
    const body = {
      path,
      ...(options.name !== undefined && { name: options.name }),
      ...(options.run !== undefined && { run: options.run }),
      ...(options.entry !== undefined && { entry: options.entry }),
      ...(options.port !== undefined && { port: portOption(options.port) }),
      ...(options.env.length > 0 && { env: keyValues(options.env) }),
      ...(options.force && { force: true }),
    };
    const daemon = session.daemon();
    await daemon.start();
    const { app, detection } = await withProgress(
      out,
      `Looking at ${path}`,
      daemon.request("POST", "/api/apps", { body }),
    );
    if (out.json) return void out.document({ app, detection });
    if (out.quiet) return out.print(app.name);
    out.print(
      `Registered ${harmless(app.name)}: ${harmless(detection.framework ?? detection.toolchain)} in ${harmless(app.path)}`,
    );
    for (const fact of detection.evidence) out.print(`  ${harmless(fact)}`);
    if (detection.run !== null) out.print(`  runs: ${harmless(detection.run)}`);
    out.note(`Start it with gantry start ${harmless(app.name)}.`);
  },
});
