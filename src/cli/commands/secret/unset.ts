// `gantry secret unset`: removes secrets.
import { command } from "../../command.ts";
import { unsetValues } from "../../patch-values.ts";

export default command({
  description: "Works without the key file, too: who has lost it removes all secrets and sets them again.",
  arguments: [
    { name: "app", summary: "its name", required: true, complete: "app" },
    { name: "name", summary: "of the secret; several are possible", many: true },
  ],
  options: { all: { type: "flag", short: "a", summary: "all secrets" } },
  examples: [{ line: "gantry secret unset notes API_KEY", what: "remove one" }],
  async run({ args: [id = "", ...names], options }, session) {
    await unsetValues(session, "secrets", { id, names, all: options.all });
  },
});
