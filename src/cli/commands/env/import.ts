// `gantry env import`: takes over what a .env file sets.
import { harmless } from "../../../lib/harmless-text.ts";
import { command } from "../../command.ts";
import { tellChange } from "../../patch-values.ts";
import { readInput } from "../../read-text.ts";

export default command({
  description:
    "Reads NAME=value lines with comments, quotes, export and values over several lines. What the file does not name stays as it is. All of it is taken over, or nothing.",
  arguments: [
    { name: "app", summary: "its name", required: true, complete: "app" },
    { name: "file", summary: "the file, or - for stdin; default: .env", complete: "path" },
  ],
  options: {
    secrets: { type: "flag", summary: "take them as secrets" },
    force: { type: "flag", summary: "also names that are of the other kind: they are moved" },
  },
  examples: [
    { line: "gantry env import notes", what: "the .env file of this folder" },
    { line: "gantry env import notes keys.env --secrets", what: "sealed, and never shown again" },
  ],
  async run({ args: [id = "", file = ".env"], options }, session) {
    const { out } = session;
    const text = await readInput(file, session.cwd);
    const daemon = session.daemon();
    await daemon.start();
    const { app, names, warnings } = await daemon.request("POST", "/api/apps/{id}/env/import", {
      params: { id },
      query: { force: options.force ? "true" : "false" },
      body: { text, file: file.slice(-200), kind: options.secrets ? "secrets" : "env" },
    });
    if (out.json) return out.document({ app, names, warnings });
    for (const warning of warnings) out.warn(harmless(warning));
    tellChange("Set", names, app, session);
  },
});
