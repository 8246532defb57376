// From the words of the command line to an exit code.

import { type CommandEntry, GLOBAL_OPTIONS } from "./command.ts";
import { COMMANDS, EXPANSIONS, LATER } from "./commands/index.ts";
import type { Daemons } from "./daemon-link.ts";
import { execute, guessGlobals } from "./execute.ts";
import { Failure } from "./failure.ts";
import { exitCode } from "./output.ts";
import { createSession, type Session } from "./session.ts";
import { startDaemon } from "./start-daemon.ts";
import { suggest } from "./suggest.ts";

/** Runs one command. `entry` is the URL of the entry file. Resolves to the exit code; never rejects. */
export async function run(words: string[], entry: string): Promise<number> {
  const program = { entry, commands: COMMANDS, daemons: { start: startDaemon, meet } };
  const session = createSession(guessGlobals(words), program);
  try {
    const at = words.findIndex((word) => !word.startsWith("-"));
    const verb = words[at];
    if (verb === undefined || verb === "help") return await showHelp(words, verb, session);
    const found = find(verb);
    const command = await found.load();
    const rest = [...words.slice(0, at), ...(EXPANSIONS[verb] ?? []), ...words.slice(at + 1)];
    const showOwnHelp = (own: Session) =>
      print(own, async () => (await help()).commandHelp(found, command, own.out));
    return await execute({ name: found.name, command, words: rest, help: showOwnHelp }, program);
  } catch (error) {
    return session.out.fail(error);
  }
}

/** Loaded where it is needed only. */
const meet: Daemons["meet"] = async (...args) => (await import("./meet-daemon.ts")).meetDaemon(...args);

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
