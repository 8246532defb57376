// `gantry undelete`: what gantry unregister took away comes back.
import { harmless } from "../../lib/harmless-text.ts";
import { command } from "../command.ts";
import { withProgress } from "../progress.ts";

export default command({
  description:
    "With its settings, releases, logs and data, for 30 days after gantry unregister; not after --purge. It does not run until it is started.",
  arguments: [{ name: "app", summary: "its name, or its id where several had that name", required: true }],
  options: {},
  examples: [{ line: "gantry undelete notes", what: "bring it back" }],
  async run({ args: [id = ""] }, session) {
    const { out } = session;
    const daemon = session.daemon();
    await daemon.start();
    const asked = daemon.request("POST", "/api/apps/{id}/undelete", { params: { id } });
    const app = await withProgress(out, `Bringing ${harmless(id)} back`, asked);
    if (out.json) return out.document({ app });
    out.print(out.quiet ? app.name : `${harmless(app.name)} is registered again.`);
    out.note(`Start it with gantry start ${harmless(app.name)}.`);
  },
});
