// `gantry config`: shows or changes an app's settings.

import { harmless } from "../../lib/harmless-text.ts";
import { command } from "../command.ts";
import { settingLines } from "../setting-lines.ts";
import { settingsPatch } from "../settings-patch.ts";
import { takesEffect } from "../takes-effect.ts";

export default command({
  description:
    "The keys are those of gantry.yaml, with dots: health.path, env.GREETING, restart.max. An empty value goes back to the default, or removes a variable. Most changes of a running app take effect with its next restart; gantry status names them until then.",
  arguments: [
    { name: "app", summary: "its name", required: true, complete: "app" },
    { name: "key=value", summary: "what to change; several are possible", many: true },
  ],
  options: { force: { type: "flag", summary: "also while it is running" } },
  examples: [
    { line: "gantry config notes", what: "show all settings" },
    { line: "gantry config notes port=8000 env.GREETING=hello", what: "change two" },
    { line: "gantry config notes health.path=", what: "back to the default" },
  ],
  async run({ args: [id = "", ...pairs], options }, session) {
    const { out } = session;
    const daemon = session.daemon();
    const params = { id };
    if (pairs.length > 0) {
      await daemon.start();
      const app = await daemon.request("PATCH", "/api/apps/{id}", {
        params,
        query: { typed: "true", force: options.force ? "true" : "false" },
        body: settingsPatch(pairs),
      });
      if (out.json) return out.document({ app });
      if (out.quiet) return;
      out.print(`Changed ${harmless(app.name)}`);
      if (app.notApplied.length > 0 && app.pid !== null) out.note(takesEffect(app));
      return;
    }
    const config = await daemon.request("GET", "/api/apps/{id}/config", { params });
    if (out.json) return out.document({ config });
    for (const [key, value] of settingLines(config)) out.print(`${harmless(key)} = ${harmless(value)}`);
  },
});
