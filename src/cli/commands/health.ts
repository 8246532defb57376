// `gantry health`: asks an app's instances right now.

import { harmless } from "../../lib/harmless-text.ts";
import { command } from "../command.ts";
import { withProgress } from "../progress.ts";

export default command({
  description:
    "Checks every instance at this moment, with the app's own health check. Ends with 1 when one is not healthy.",
  arguments: [{ name: "app", summary: "its name", required: true, complete: "app" }],
  options: {},
  examples: [{ line: "gantry health notes", what: "is it well?" }],
  async run({ args: [id = ""] }, session) {
    const { out } = session;
    const asked = session.daemon().request("GET", "/api/apps/{id}/health", { params: { id } });
    const { healthy, instances } = await withProgress(out, `Asking ${harmless(id)}`, asked);
    if (out.json) out.document({ healthy, instances });
    else if (!out.quiet) {
      out.print(
        `${harmless(id)} is ${healthy ? out.paint("healthy", "green") : out.paint("not healthy", "red")}`,
      );
      for (const { id: instance, message, ms } of instances)
        out.print(`  ${harmless(instance)}: ${harmless(message ?? "healthy")} (${ms} ms)`);
      if (instances.length === 0 && !healthy) out.print("  nothing of it runs");
    }
    return healthy ? "done" : "failed";
  },
});
