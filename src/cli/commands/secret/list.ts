// `gantry secret list`: the names of secrets.
import { harmless } from "../../../lib/harmless-text.ts";
import { command } from "../../command.ts";

export default command({
  description: "Names only: nobody is shown what is in a secret.",
  arguments: [{ name: "app", summary: "its name", required: true, complete: "app" }],
  options: {},
  examples: [{ line: "gantry secret list notes", what: "all" }],
  async run({ args: [id = ""] }, session) {
    const { out } = session;
    const params = { id };
    const secrets = await session.daemon().request("GET", "/api/apps/{id}/secrets", { params });
    const rows = Object.entries(secrets);
    if (out.json) return out.document({ secrets });
    if (rows.length === 0) return out.note(`${harmless(id)} has no secrets.`);
    if (out.quiet) return out.print(rows.map(([name]) => name).join("\n"));
    await out.table([{ head: "NAME", shrinkTo: 12 }, { head: "VALUE" }], rows);
  },
});
