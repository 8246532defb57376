// `gantry clone`: a second app with the same code.
import { harmless } from "../../lib/harmless-text.ts";
import { command } from "../command.ts";
import { carryThrough } from "../deploy/tell-deployment.ts";
import { withProgress } from "../progress.ts";

export default command({
  description:
    "The new app has the code, the settings and the variables of the other one, but neither its secrets (unless --with-secrets) nor its data, its fixed port and its own host names. Its code is a copy: it is its draft until gantry deploy builds and starts it.",
  arguments: [
    { name: "app", summary: "the app to copy", required: true, complete: "app" },
    { name: "new", summary: "the name of the new app", required: true },
  ],
  options: {
    release: {
      type: "number",
      short: "r",
      value: "number",
      min: 1,
      max: 1_000_000_000,
      summary: "the code of this release; default: the draft, else what is deployed",
    },
    "with-secrets": { type: "flag", summary: "with its secrets, and what opens its repository" },
    start: { type: "flag", summary: "deploy it at once, and wait until it is healthy" },
  },
  examples: [
    { line: "gantry clone notes notes-test --start", what: "a second one to try things with" },
    { line: "gantry clone notes old-notes --release 3", what: "as it was then" },
  ],
  async run({ args: [id = "", name = ""], options }, session) {
    const { out } = session;
    const { release = null, withSecrets, start } = options;
    const daemon = session.daemon();
    await daemon.start();
    const body = { name, release, withSecrets };
    const asked = daemon.request("POST", "/api/apps/{id}/clone", { params: { id }, body });
    const app = await withProgress(out, `Copying ${harmless(id)}`, asked);
    if (start) {
      const params = { id: app.id };
      const deployment = await daemon.request("POST", "/api/apps/{id}/deploy", {
        params,
        body: { live: false, start: true },
      });
      return await carryThrough(session, deployment);
    }
    if (out.json) out.document({ app });
    else
      out.print(
        out.quiet ? app.name : `${harmless(app.name)} has the code and the settings of ${harmless(id)}.`,
      );
    out.note(`gantry deploy ${harmless(app.name)} builds and starts it.`);
    return "done";
  },
});
