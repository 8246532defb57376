// `gantry env set`: sets variables.
import { command } from "../../command.ts";
import { keyValues } from "../../key-value.ts";
import { patchValues, tellChange } from "../../patch-values.ts";

export default command({
  description:
    "Values are taken as they are: nothing in them is expanded. Running instances keep what they were started with; gantry restart applies the change, without building anew. What others must not see belongs into gantry secret.",
  arguments: [
    { name: "app", summary: "its name", required: true, complete: "app" },
    { name: "NAME=value", summary: "what to set; several are possible", required: true, many: true },
  ],
  options: { force: { type: "flag", summary: "also a secret: it becomes a variable that can be read" } },
  examples: [
    { line: "gantry env set notes GREETING=hello LEVEL=debug", what: "set two" },
    { line: "gantry restart notes", what: "apply it" },
  ],
  async run({ args: [id = "", ...pairs], options }, session) {
    const changes = keyValues(pairs);
    const app = await patchValues(session, "env", id, { changes, force: options.force });
    tellChange("Set", Object.keys(changes), app, session);
  },
});
