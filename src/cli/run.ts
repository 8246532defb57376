// From the words of the command line to an exit code.

import { GLOBAL_OPTIONS } from "./command.ts";
import { COMMANDS } from "./commands/index.ts";
import type { Daemons } from "./daemon-link.ts";
import { execute, guessGlobals } from "./execute.ts";
import { Failure } from "./failure.ts";
import { type FoundNoun, findCommand, verbMissing } from "./find-command.ts";
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
    const found = findCommand(words, at);
    if ("noun" in found) return await showNoun(words, found, session);
    const { entry: named, rest } = found;
    const command = await named.load();
    const showOwnHelp = (own: Session) =>
      print(own, async () => (await help()).commandHelp(named, command, own.out));
    return await execute({ name: named.name, command, words: rest, help: showOwnHelp }, program);
  } catch (error) {
    return session.out.fail(error);
  }
}

/** Loaded where it is needed only. */
const meet: Daemons["meet"] = async (...args) => (await import("./meet-daemon.ts")).meetDaemon(...args);

const help = () => import("./help.ts");

async function showHelp(words: string[], verb: string | undefined, session: Session): Promise<number> {
  const { overview, commandHelp } = await help();
  const after = verb === "help" ? words.slice(words.indexOf("help") + 1) : [];
  const topic = after.findIndex((word) => !word.startsWith("-"));
  if (topic >= 0) {
    const found = findCommand(after, topic);
    if ("noun" in found) return await print(session, async () => (await help()).nounHelp(found, session.out));
    return print(session, async () => commandHelp(found.entry, await found.entry.load(), session.out));
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

/** `gantry env`: which verbs it has, asked for or not. */
async function showNoun(words: string[], found: FoundNoun, session: Session): Promise<number> {
  if (!guessGlobals(words).help) throw verbMissing(found);
  return await print(session, async () => (await help()).nounHelp(found, session.out));
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
