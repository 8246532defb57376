// `gantry export`: apps as a gantry.yaml.
import { command } from "../command.ts";

export default command({
  description:
    "Prints the file; gantry import and gantry up read it. Secrets are not in it, nor code that Gantry keeps.",
  arguments: [{ name: "app", summary: "default: all apps", many: true, complete: "app" }],
  options: {},
  examples: [{ line: "gantry export > gantry.yaml", what: "all apps" }],
  async run({ args }, session) {
    const query = args.length === 0 ? {} : { query: { app: args } };
    const yaml = (await session.daemon().request("GET", "/api/export", query)) as unknown as string;
    if (session.out.json) session.out.document({ yaml });
    else session.out.verbatim(yaml.trimEnd());
  },
});
