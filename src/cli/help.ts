// Help texts, made from the commands themselves.

import type { Paint } from "./colour.ts";
import {
  type ArgumentSpec,
  type Command,
  type CommandEntry,
  GLOBAL_OPTIONS,
  type OptionSpec,
  type Options,
} from "./command.ts";

interface Look {
  paint: Paint;
}

const GROUPS: CommandEntry["group"][] = ["Apps", "Releases", "Watch", "Configure", "Gantry"];

/** `gantry --help`. */
export function overview(commands: CommandEntry[], { paint }: Look): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2;
  const lines = [
    "Runs, routes and watches all your apps.",
    "",
    "Usage: gantry <command> [arguments] [options]",
  ];
  for (const group of GROUPS) {
    lines.push("", paint(group, "bold"));
    for (const each of commands)
      if (each.group === group) lines.push(`  ${each.name.padEnd(width)}${each.summary}`);
  }
  lines.push(
    "",
    paint("Options of every command", "bold"),
    ...optionLines({ ...GLOBAL_OPTIONS, version: VERSION }),
  );
  lines.push("", "gantry help <command> tells more. To begin: gantry up, in the folder of an app.");
  return lines.join("\n");
}

const VERSION: OptionSpec = { type: "flag", short: "V", summary: "print the version" };

/** `gantry env --help`. */
export function nounHelp(
  { noun, entries }: { noun: string; entries: CommandEntry[] },
  { paint }: Look,
): string {
  const width = Math.max(...entries.map(({ name }) => name.length)) + 2;
  const lines = [
    `Usage: gantry ${noun} <command> <app> [arguments] [options]`,
    "",
    paint("Commands", "bold"),
  ];
  for (const { name, summary } of entries) lines.push(`  ${name.padEnd(width)}${summary}`);
  lines.push("", `gantry help ${noun} <command> tells more.`);
  return lines.join("\n");
}

/** `gantry <command> --help`. */
export function commandHelp(entry: CommandEntry, command: Command, { paint }: Look): string {
  const lines = [`${capitalised(entry.summary)}.`, "", `Usage: ${usage(entry.name, command)}`];
  if (entry.aliases.length > 0)
    lines.push(`Also: ${entry.aliases.map((alias) => `gantry ${alias}`).join(", ")}`);
  if (command.description) lines.push("", ...wrap(command.description, 78));
  if (command.arguments.length > 0) {
    lines.push("", paint("Arguments", "bold"));
    const width = Math.max(...command.arguments.map((argument) => shown(argument).length)) + 2;
    for (const argument of command.arguments)
      lines.push(`  ${shown(argument).padEnd(width)}${argument.summary}`);
  }
  if (Object.keys(command.options).length > 0) {
    lines.push("", paint("Options", "bold"), ...optionLines(command.options));
  }
  lines.push("", paint("Options of every command", "bold"), ...optionLines(GLOBAL_OPTIONS));
  if (command.examples.length > 0) {
    lines.push("", paint("Examples", "bold"));
    const width = Math.max(...command.examples.map(({ line }) => line.length)) + 2;
    for (const { line, what } of command.examples)
      lines.push(`  ${line.padEnd(width)}${paint(what, "grey")}`);
  }
  return lines.join("\n");
}

/** `gantry logs [app…] [options]`. */
export function usage(name: string, command: Command): string {
  const words = command.arguments.map(shown);
  return ["gantry", name, ...words, ...(Object.keys(command.options).length > 0 ? ["[options]"] : [])].join(
    " ",
  );
}

function shown({ name, required, many }: ArgumentSpec): string {
  const word = `${name}${many ? "…" : ""}`;
  return required ? `<${word}>` : `[${word}]`;
}

/** `-n, --tail <lines>`. */
export function optionName(name: string, spec: OptionSpec): string {
  const value = spec.type === "flag" ? "" : ` <${spec.value}>`;
  return `${spec.short ? `-${spec.short}, ` : ""}--${name}${value}`;
}

function optionLines(options: Options): string[] {
  const names = Object.entries(options).map(([name, spec]) => optionName(name, spec));
  const indented = names.map((name) => (name.startsWith("--") ? `    ${name}` : name));
  const width = Math.max(...indented.map((name) => name.length)) + 2;
  return Object.values(options).map(
    (spec, index) => `  ${(indented[index] ?? "").padEnd(width)}${spec.summary}`,
  );
}

/** The text in lines of at most `width` characters; its own line ends stay. */
export function wrap(text: string, width: number): string[] {
  return text.split("\n").flatMap((paragraph) => {
    const lines = [""];
    for (const word of paragraph.split(" ")) {
      const line = lines.at(-1) ?? "";
      if (line !== "" && line.length + 1 + word.length > width) lines.push(word);
      else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
    }
    return lines;
  });
}

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
