// `gantry unregister`: stops an app and forgets it.

import { harmless } from "../../lib/harmless-text.ts";
import { command } from "../command.ts";
import { confirm } from "../confirm.ts";
import { withProgress } from "../progress.ts";

export default command({
  description:
    "The app's own folder is never touched. For 30 days gantry undelete brings it back; --purge deletes its releases, logs and data in Gantry's home for good.",
  arguments: [{ name: "app", summary: "its name", required: true, complete: "app" }],
  options: {
    purge: { type: "flag", summary: "delete its releases, logs and data as well" },
    force: { type: "flag", summary: "also while it is running: stop it first" },
  },
  examples: [{ line: "gantry unregister notes", what: "forget it" }],
  async run({ args: [id = ""], options }, session) {
    const { out } = session;
    const daemon = session.daemon();
    await daemon.start();
    const app = await daemon.request("GET", "/api/apps/{id}", { params: { id } });
    const name = harmless(app.name);
    if (options.purge)
      await confirm(session, `Delete all releases, logs and data that Gantry keeps of ${name}?`);
    const query = {
      ...(options.purge && { purge: "true" as const }),
      ...(options.force && { force: "true" as const }),
    };
    await withProgress(
      out,
      `Unregistering ${name}`,
      daemon.request("DELETE", "/api/apps/{id}", { params: { id: app.id }, query }),
    );
    const folder = app.source.type === "folder" ? ` Its folder ${harmless(app.path)} is as it was.` : "";
    if (out.json) out.document({ app: { id: app.id, name: app.name }, purged: options.purge });
    else if (!out.quiet) out.print(`Unregistered ${name}.${folder}`);
    if (!options.purge) out.note(`For 30 days gantry undelete ${name} brings it back.`);
  },
});
