// From the words of the command line to an exit code.

import { type CommandEntry, GLOBAL_OPTIONS, type Options } from "./command.ts";
import { COMMANDS, EXPANSIONS, LATER } from "./commands/index.ts";
import { Failure } from "./failure.ts";
import { exitCode } from "./output.ts";
import { camelCase, type Globals, parse } from "./parse.ts";
import { createSession, type Session } from "./session.ts";
import { suggest } from "./suggest.ts";

/** Runs one command. `entry` is the URL of the entry file. Resolves to the exit code; never rejects. */
export async function run(words: string[], entry: string): Promise<number> {
  let session = createSession(guessGlobals(words), COMMANDS, entry);
  try {
    const at = words.findIndex((word) => !word.startsWith("-"));
    const verb = words[at];
    if (verb === undefined || verb === "help") return await showHelp(words, verb, session);
    const found = find(verb);
    const command = await found.load();
    const rest = [...words.slice(0, at), ...(EXPANSIONS[verb] ?? []), ...words.slice(at + 1)];
    const { args, options, globals } = parse(found.name, command, rest);
    if (globals.help)
      return await print(session, async () => (await help()).commandHelp(found, command, session.out));
    session = createSession(globals, COMMANDS, entry);
    return exitCode((await command.run({ args, options: options as never }, session)) ?? "done");
  } catch (error) {
    return session.out.fail(error);
  }
}

/** Before the command is known: enough to show an error as asked for. */
function guessGlobals(words: string[]): Globals {
  const end = words.indexOf("--");
  const options = end < 0 ? words : words.slice(0, end);
  return Object.fromEntries(
    Object.entries(GLOBAL_OPTIONS as Options).map(([name, spec]) => [
      camelCase(name),
      options.includes(`--${name}`) || (spec.short !== undefined && options.includes(`-${spec.short}`)),
    ]),
  ) as unknown as Globals;
}

const help = () => import("./help.ts");

async function showHelp(words: string[], verb: string | undefined, session: Session): Promise<number> {
  const { overview, commandHelp } = await help();
  const topic =
    verb === "help"
      ? words.slice(words.indexOf("help") + 1).find((word) => !word.startsWith("-"))
      : undefined;
  if (topic !== undefined) {
    const found = find(topic);
    return print(session, async () => commandHelp(found, await found.load(), session.out));
  }
  if (words.includes("--version") || words.includes("-V")) return showVersion(session);
  const known = [
    ...Object.keys(GLOBAL_OPTIONS).map((name) => `--${name}`),
    "-h",
    "-q",
    "-y",
    "--version",
    "-V",
  ];
  const unknown = verb === undefined ? words.find((word) => !known.includes(word)) : undefined;
  if (unknown !== undefined) {
    const near = suggest(unknown, known);
    throw new Failure("usage", `gantry has no option ${unknown}`, {
      code: "unknown-option",
      hint: near ? `Did you mean ${near}?` : "gantry --help shows all.",
    });
  }
  return print(session, async () => overview(COMMANDS, session.out));
}

async function print(session: Session, text: () => Promise<string>): Promise<number> {
  const printed = await text();
  if (session.out.json) session.out.document({ help: printed });
  else session.out.print(printed);
  return exitCode("done");
}

async function showVersion({ out }: Session): Promise<number> {
  const { version } = await import("./version.ts");
  if (out.json) out.document({ version });
  else out.print(version);
  return exitCode("done");
}

function find(verb: string): CommandEntry {
  const found = COMMANDS.find(({ name, aliases }) => name === verb || aliases.includes(verb));
  if (found) return found;
  if (LATER.has(verb)) {
    throw new Failure("usage", `${verb} is not part of this version`, {
      code: "not-built",
      hint: "gantry --help shows what is.",
    });
  }
  const near = suggest(
    verb,
    COMMANDS.flatMap(({ name, aliases }) => [name, ...aliases]),
  );
  throw new Failure("usage", `There is no command ${JSON.stringify(verb)}`, {
    code: "unknown-command",
    hint: near ? `Did you mean gantry ${near}?` : "gantry --help shows all.",
  });
}
