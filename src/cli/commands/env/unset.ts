// `gantry env unset`: removes variables.
import { command } from "../../command.ts";
import { unsetValues } from "../../patch-values.ts";

export default command({
  arguments: [
    { name: "app", summary: "its name", required: true, complete: "app" },
    { name: "name", summary: "of the variable; several are possible", many: true },
  ],
  options: { all: { type: "flag", short: "a", summary: "all variables" } },
  examples: [{ line: "gantry env unset notes GREETING", what: "remove one" }],
  async run({ args: [id = "", ...names], options }, session) {
    await unsetValues(session, "env", { id, names, all: options.all });
  },
});
