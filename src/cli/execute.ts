// One command whose module is there: parse, run, tell failures.

import { type Command, GLOBAL_OPTIONS, type Options } from "./command.ts";
import { exitCode } from "./output.ts";
import { camelCase, type Globals, parse } from "./parse.ts";
import { createSession, type Program, type Session } from "./session.ts";

export interface Call {
  name: string;
  command: Command;
  /** What follows the name, global options included. */
  words: string[];
  /** Shows the command's help instead. */
  help?(session: Session): Promise<number>;
}

/** Resolves to the exit code; never rejects. */
export async function execute({ name, command, words, help }: Call, program: Program): Promise<number> {
  let session = createSession(guessGlobals(words), program);
  try {
    const { args, options, globals } = parse(name, command, words);
    if (globals.help && help) return await help(session);
    session = createSession(globals, program);
    return exitCode((await command.run({ args, options: options as never }, session)) ?? "done");
  } catch (error) {
    return session.out.fail(error);
  }
}

/** Before the words are parsed: enough to show an error as asked for. */
export function guessGlobals(words: string[]): Globals {
  const end = words.indexOf("--");
  const options = end < 0 ? words : words.slice(0, end);
  return Object.fromEntries(
    Object.entries(GLOBAL_OPTIONS as Options).map(([name, spec]) => [
      camelCase(name),
      options.includes(`--${name}`) || (spec.short !== undefined && options.includes(`-${spec.short}`)),
    ]),
  ) as unknown as Globals;
}
