// `gantry env get`: prints one variable.
import { harmless } from "../../../lib/harmless-text.ts";
import { command } from "../../command.ts";

export default command({
  description: "Prints the value alone, as it is, and a line end.",
  arguments: [
    { name: "app", summary: "its name", required: true, complete: "app" },
    { name: "name", summary: "of the variable", required: true },
  ],
  options: {},
  examples: [{ line: "gantry env get notes GREETING", what: "its value" }],
  async run({ args: [id = "", key = ""] }, session) {
    const { out } = session;
    const params = { id, key };
    const found = await session.daemon().request("GET", "/api/apps/{id}/env/{key}", { params });
    if (out.json) return out.document(found);
    out.verbatim(out.terminal.out ? harmless(found.value) : found.value);
  },
});
