// `gantry validate`: what is wrong with code, before it is deployed.

import { ClientError } from "../../client/client-error.ts";
import type { Diagnostic } from "../../domain/diagnostic.ts";
import { harmless } from "../../lib/harmless-text.ts";
import { command } from "../command.ts";
import { absolutePath } from "../path-argument.ts";
import type { Session } from "../session.ts";

export default command({
  description:
    "Looks for broken syntax, imports that nothing answers, an entry that does not exist, and conflicts of names and ports. Nothing is run, built or saved. An app's name means its draft, else the code that is deployed. Ends with 1 when something would keep the app from starting.",
  arguments: [{ name: "what", summary: "an app's name or a folder; default: this folder", complete: "path" }],
  options: {
    run: { type: "text", value: "command", summary: "how a folder will be run" },
    entry: { type: "text", value: "module:variable", summary: "its ASGI or WSGI app" },
  },
  examples: [
    { line: "gantry validate", what: "this folder" },
    { line: "gantry validate notes", what: "the code of an app" },
  ],
  async run({ args: [what = "."], options }, session) {
    const { out } = session;
    const daemon = session.daemon();
    await daemon.start();
    const given = options.run !== undefined || options.entry !== undefined;
    const folder = async () => {
      const body = {
        path: absolutePath(what, session),
        run: options.run ?? null,
        entry: options.entry ?? null,
      };
      return await daemon.request("POST", "/api/validate", { body });
    };
    const found =
      given || !/^[a-z0-9-]{1,63}$/.test(what)
        ? await folder()
        : await daemon
            .request("POST", "/api/apps/{id}/validate", { params: { id: what }, body: {} })
            .catch(async (error: unknown) => {
              if (!(error instanceof ClientError) || error.code !== "app-missing" || !isFolder(what, session))
                throw error;
              return await folder();
            });
    if (out.json) out.document(found);
    else {
      for (const one of found.diagnostics) out.print(harmless(textOf(one)));
      if (!out.quiet && found.diagnostics.length === 0) out.print("Nothing is wrong with it.");
    }
    return found.ok ? "done" : "failed";
  },
});

function isFolder(what: string, { cwd }: Session): boolean {
  const { statSync } = process.getBuiltinModule("node:fs");
  const { resolve } = process.getBuiltinModule("node:path");
  return statSync(resolve(cwd, what), { throwIfNoEntry: false })?.isDirectory() === true;
}

/** `main.py:3:8: invalid syntax`, as editors and compilers write it. */
function textOf({ file, line, column, severity, message }: Diagnostic): string {
  const place =
    file === null ? [] : [file, line, line === null ? null : column].filter((part) => part !== null);
  const said = severity === "warning" ? `warning: ${message}` : message;
  return place.length === 0 ? said : `${place.join(":")}: ${said}`;
}
