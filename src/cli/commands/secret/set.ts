// `gantry secret set`: sets secrets, from where nobody looks on.
import { harmless } from "../../../lib/harmless-text.ts";
import { askSecret } from "../../ask-secret.ts";
import { command } from "../../command.ts";
import { Failure } from "../../failure.ts";
import { keyValue } from "../../key-value.ts";
import { type Changes, patchValues, tellChange } from "../../patch-values.ts";
import { readInput } from "../../read-text.ts";
import type { Session } from "../../session.ts";

export default command({
  description:
    "Asks for the value and does not show what is typed. A secret is kept encrypted, is given to the app's processes alone, and is never shown again. Running instances keep what they were started with; gantry restart applies the change.",
  arguments: [
    { name: "app", summary: "its name", required: true, complete: "app" },
    {
      name: "name",
      summary: "of the secret, or NAME=value; several are possible",
      required: true,
      many: true,
    },
  ],
  options: {
    stdin: { type: "flag", summary: "read the value from stdin, without the line end behind it" },
    file: { type: "text", value: "path", summary: "the value is what is in this file", complete: "path" },
    force: { type: "flag", summary: "also a variable: it becomes a secret" },
  },
  examples: [
    { line: "gantry secret set notes API_KEY", what: "asks for it" },
    { line: "pass show api | gantry secret set notes API_KEY --stdin", what: "from another program" },
    { line: "gantry secret set notes TLS_KEY --file key.pem", what: "from a file, as it is" },
  ],
  async run({ args: [id = "", ...words], options }, session) {
    const changes =
      options.stdin || options.file !== undefined
        ? await readOne(words, options, session)
        : await readAll(words, session);
    const app = await patchValues(session, "secrets", id, { changes, force: options.force });
    tellChange("Set", Object.keys(changes), app, session);
    const open = words.find((word) => word.includes("="))?.split("=", 1)[0];
    if (open !== undefined && !session.out.quiet)
      session.out.warn(
        `The value stood in the command line: the list of processes and your shell's history may have it. Next time: gantry secret set ${harmless(app.name)} ${open}`,
      );
  },
});

async function readOne(
  [name = "", ...others]: string[],
  { stdin, file }: { stdin: boolean; file?: string | undefined },
  session: Session,
): Promise<Changes> {
  if (others.length > 0 || name.includes("=") || (stdin && file !== undefined))
    throw new Failure("usage", "--stdin and --file give one value, to one name", {
      code: "invalid-argument",
      hint: "gantry secret set notes API_KEY --stdin",
    });
  const text = await readInput(file ?? "-", session.cwd);
  return { [name]: stdin ? text.replace(/\r?\n$/, "") : text };
}

/** Values behind names, or answers. Everything is known before anything is changed. */
async function readAll(words: string[], session: Session): Promise<Changes> {
  const pairs: [string, string][] = [];
  for (const word of words) {
    // Nothing of it is repeated: what stands behind it may be a secret.
    if (word.startsWith("="))
      throw new Failure("usage", "A name is missing before =", { code: "invalid-argument", field: "name" });
    if (word.includes("=")) pairs.push(keyValue(word));
    else if (session.out.terminal.asks)
      pairs.push([word, await askSecret(session, `${harmless(word)} (is not shown): `)]);
    else
      throw new Failure("usage", `Nobody can be asked for the value of ${JSON.stringify(word)}`, {
        code: "missing-argument",
        hint: "Use --stdin or --file.",
      });
  }
  return Object.fromEntries(pairs);
}
