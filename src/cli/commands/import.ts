// `gantry import`: apps from a file of Gantry or of another program.

import { harmless } from "../../lib/harmless-text.ts";
import { command } from "../command.ts";
import { fewNames } from "../few-names.ts";
import { absolutePath } from "../path-argument.ts";

export default command({
  description:
    "Reads gantry.yaml, apps.yaml, Procfile, supervisord and PM2 files. Registers new apps, updates those of the same name, and starts none.",
  arguments: [{ name: "file", summary: "the file", required: true, complete: "path" }],
  options: {},
  examples: [
    { line: "gantry import Procfile", what: "each line becomes an app" },
    { line: "gantry import backup/gantry.yaml", what: "what gantry export wrote" },
  ],
  async run({ args: [file = ""] }, session) {
    const { out } = session;
    const path = absolutePath(file, session);
    const daemon = session.daemon();
    await daemon.start();
    const result = await daemon.request("POST", "/api/apps/import-yaml", { body: { path } });
    if (out.json) return out.document(result);
    for (const warning of result.warnings) out.warn(harmless(warning));
    if (out.quiet) return;
    if (result.created.length > 0) out.print(counted("Registered", result.created));
    if (result.updated.length > 0) out.print(counted("Updated", result.updated));
    if (result.created.length + result.updated.length === 0) out.print("Everything was as the file says.");
    else out.note(startHint([...result.created, ...result.updated]));
  },
});

/** `Registered a, b, c`, with their number where that is not plain. */
const counted = (what: string, names: string[]): string =>
  `${what} ${names.length > 10 ? `${names.length} apps: ` : ""}${fewNames(names)}`;

const startHint = (names: string[]): string =>
  names.length > 3
    ? "Start them with gantry start --all."
    : `Start ${names.length === 1 ? "it" : "them"} with gantry start ${harmless(names.join(" "))}.`;
