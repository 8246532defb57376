// `gantry completion`: a script for the shell, made from the commands.
import { type Command, type CommandEntry, command } from "../command.ts";
import { completionScript, SHELLS, type Shell } from "../completion-script.ts";
import { Failure } from "../failure.ts";
import { suggest } from "../suggest.ts";

export default command({
  description: "Evaluate what it prints in your shell's start-up file.",
  arguments: [{ name: "shell", summary: `one of ${SHELLS.join(", ")}`, required: true, complete: "shell" }],
  options: {},
  examples: [
    { line: 'eval "$(gantry completion bash)"', what: "in ~/.bashrc" },
    { line: 'eval "$(gantry completion zsh)"', what: "in ~/.zshrc" },
    { line: "gantry completion fish | source", what: "in ~/.config/fish/config.fish" },
  ],
  async run({ args: [shell = ""] }, session) {
    if (!isShell(shell)) {
      const near = suggest(shell, SHELLS);
      throw new Failure("usage", `There is no completion for ${JSON.stringify(shell)}`, {
        code: "invalid-argument",
        field: "shell",
        hint: near ? `Did you mean ${near}?` : `Use one of ${SHELLS.join(", ")}.`,
      });
    }
    const loaded = await Promise.all(
      session.commands.map(async (entry): Promise<[CommandEntry, Command]> => [entry, await entry.load()]),
    );
    const script = completionScript(shell, loaded, templatesBeside(session.daemonFile));
    if (session.out.json) session.out.document({ shell, script });
    else session.out.verbatim(script);
  },
});

/** The names of the built-in templates. */
function templatesBeside(daemonFile: URL): string[] {
  const { readdirSync } = process.getBuiltinModule("node:fs");
  try {
    return readdirSync(new URL("../templates", daemonFile)).sort();
  } catch {
    return [];
  }
}

const isShell = (word: string): word is Shell => (SHELLS as readonly string[]).includes(word);
