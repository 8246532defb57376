// docs/cli.md, made from the commands themselves.
import { type Command, type CommandEntry, GLOBAL_OPTIONS, type Options } from "./command.ts";
import { capitalised, optionName, usage } from "./help.ts";

const HEAD = `# The command line

This page is made from the commands themselves; \`gantry help <command>\` shows the same.

With \`--json\` stdout holds one JSON document and nothing else, or one per line for streams (\`logs\`, \`events\`). A command that fails
prints \`{"error": {"code", "message", "field?", "hint?", "id?"}}\` there, and in any case one line for people on stderr.
Progress and remarks go to stderr. Without a terminal nothing is asked, cut or coloured. \`NO_COLOR\` and \`FORCE_COLOR\` are honoured.

| exit | meaning |
|---|---|
| 0 | done |
| 1 | failed: an app did not get healthy, a deploy or a check failed |
| 2 | wrong use or invalid input |
| 3 | no such app, release, deployment… |
| 4 | conflict: a port, a name, something that runs, something that changed meanwhile |
| 5 | no daemon, or it does not answer |
| 6 | not allowed |
| 130 | interrupted; what the daemon does goes on |
`;

/** The page, in Markdown. */
export function reference(commands: [CommandEntry, Command][]): string {
  const sections = commands.map(([entry, command]) => section(entry, command));
  const parts = [HEAD, "## Options of every command", optionTable({ ...GLOBAL_OPTIONS }), ...sections];
  return `${parts.join("\n")}\n`;
}

function section(entry: CommandEntry, command: Command): string {
  const lines = [`\n## gantry ${entry.name}`, `${capitalised(entry.summary)}.`];
  if (command.description) lines.push(command.description);
  lines.push(`\n\`\`\`\n${usage(entry.name, command)}\n\`\`\``);
  if (entry.aliases.length > 0)
    lines.push(`Also: ${entry.aliases.map((alias) => `\`gantry ${alias}\``).join(", ")}.`);
  if (command.arguments.length > 0) {
    lines.push("\n| argument | |", "|---|---|");
    for (const { name, summary } of command.arguments) lines.push(`| \`${cell(name)}\` | ${cell(summary)} |`);
  }
  if (Object.keys(command.options).length > 0) lines.push("", optionTable(command.options));
  lines.push("", ...command.examples.map(({ line, what }) => `- \`${line}\`: ${what}`));
  return lines.join("\n");
}

function optionTable(options: Options): string {
  const rows = Object.entries(options).map(
    ([name, spec]) => `| \`${cell(optionName(name, spec))}\` | ${cell(spec.summary)} |`,
  );
  return ["| option | |", "|---|---|", ...rows].join("\n");
}

const cell = (text: string): string => text.replaceAll("|", "\\|");
