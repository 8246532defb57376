// `gantry env list`: all variables, and the names of secrets.
import { harmless } from "../../../lib/harmless-text.ts";
import { command } from "../../command.ts";
import { oneLine } from "../../one-line.ts";
import { takesEffect } from "../../takes-effect.ts";

export default command({
  description:
    "Secrets are listed by name; nobody is shown what is in them. With --dotenv it prints a .env file that gantry env import reads back exactly, without the secrets.",
  arguments: [{ name: "app", summary: "its name", required: true, complete: "app" }],
  options: { dotenv: { type: "flag", summary: "print a .env file" } },
  examples: [
    { line: "gantry env list notes", what: "all" },
    { line: "gantry env list notes --dotenv > notes.env", what: "as a file" },
  ],
  async run({ args: [id = ""], options }, session) {
    const { out } = session;
    const daemon = session.daemon();
    const params = { id };
    if (options.dotenv) {
      const query = { format: "dotenv" as const };
      const text = (await daemon.request("GET", "/api/apps/{id}/env", {
        params,
        query,
      })) as unknown as string;
      if (out.json) out.document({ dotenv: text });
      else if (text !== "") out.verbatim(text.replace(/\n$/, ""));
      return;
    }
    const [env, secrets, app] = await Promise.all([
      daemon.request("GET", "/api/apps/{id}/env", { params }),
      daemon.request("GET", "/api/apps/{id}/secrets", { params }),
      daemon.request("GET", "/api/apps/{id}", { params }),
    ]);
    if (out.json) return out.document({ env, secrets });
    const rows = [...Object.entries(env), ...Object.entries(secrets)];
    if (out.quiet) return rows.length === 0 ? undefined : out.print(rows.map(([name]) => name).join("\n"));
    if (rows.length === 0) return out.note(`${harmless(app.name)} has no variables of its own.`);
    const columns = [
      { head: "NAME", shrinkTo: 12 },
      { head: "VALUE", shrinkTo: 20 },
    ];
    await out.table(
      columns,
      rows.map(([name, value]) => [name, oneLine(value)]),
    );
    if (app.notApplied.length > 0 && app.pid !== null) out.note(takesEffect(app));
  },
});
