// `gantry update`: looks at the app's folder again and takes over what changed.

import { harmless } from "../../lib/harmless-text.ts";
import { command } from "../command.ts";
import { confirm } from "../confirm.ts";
import { withProgress } from "../progress.ts";

export default command({
  description:
    "Shows what would change and asks. Taking it over builds a new release; a running app moves to it when that one is healthy.",
  arguments: [{ name: "app", summary: "its name", required: true, complete: "app" }],
  options: {
    "dry-run": { type: "flag", summary: "only show what would change" },
  },
  examples: [
    { line: "gantry update notes --dry-run", what: "what changed?" },
    { line: "gantry update notes --yes", what: "without a question" },
  ],
  async run({ args: [id = ""], options }, session) {
    const { out } = session;
    await session.daemon().start();
    const rescan = (apply: boolean) =>
      withProgress(
        out,
        `Looking at ${harmless(id)}`,
        session
          .daemon()
          .request("POST", "/api/apps/{id}/rescan", { params: { id }, body: { apply, force: apply } }),
      );
    const found = await rescan(false);
    if (!out.quiet) {
      for (const { field, from, to } of found.changes) {
        out.print(`${harmless(field)}:`);
        out.print(out.paint(`  - ${harmless(from ?? "nothing")}`, "red"));
        out.print(out.paint(`  + ${harmless(to ?? "nothing")}`, "green"));
      }
    }
    for (const warning of found.warnings) out.warn(harmless(warning));
    if (found.changes.length === 0 || options.dryRun) {
      if (out.json) out.document(found);
      else if (found.changes.length === 0) out.note("Nothing changed.");
      return;
    }
    await confirm(session, "Take this over?");
    const done = await rescan(true);
    if (out.json) out.document(done);
    else
      out.note(
        done.running ? "The new release is being built; gantry status shows how it goes." : "Taken over.",
      );
  },
});
