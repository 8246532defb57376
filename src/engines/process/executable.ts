// Can this command be run? The answer for people before anything starts, because a shell would only say "not found".
import { accessSync, closeSync, constants, openSync, readSync, statSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import type { LaunchOrder } from "../../domain/engine.ts";
import { GantryError } from "../../domain/errors.ts";

/** What execvp(3) searches without PATH. */
const DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";
const HEAD = Buffer.alloc(256);

/** The absolute path of the program to run. Throws `start-failed` with one sentence. */
export function findExecutable(order: LaunchOrder): string {
  const [command] = order.argv;
  if (command === undefined || command === "") throw refuse("there is no command to run");
  checkFolder(order.cwd);
  for (const text of [...order.argv, order.cwd])
    if (text.includes("\0")) throw refuse("the command line holds a NUL character");
  if (command.includes("/"))
    return checked(isAbsolute(command) ? command : resolve(order.cwd, command), command);
  let refusal: GantryError | null = null;
  for (const folder of (order.env.PATH ?? DEFAULT_PATH).split(":")) {
    const path = resolve(order.cwd, folder === "" ? "." : folder, command);
    if (kindOf(path) === null) continue;
    try {
      return checked(path, command);
    } catch (error) {
      // Like execvp(3): go on, there may be a better one further down the PATH.
      refusal ??= error as GantryError;
    }
  }
  throw refusal ?? refuse(`the command "${shown(command)}" was not found in the app's PATH`);
}

function checkFolder(cwd: string): void {
  const kind = kindOf(cwd);
  if (kind === null) throw refuse(`the folder ${shown(cwd)} does not exist`);
  if (kind !== "folder") throw refuse(`${shown(cwd)} is not a folder`);
  if (!may(cwd, constants.X_OK)) throw refuse(`the folder ${shown(cwd)} can't be entered`);
}

function checked(path: string, command: string): string {
  const kind = kindOf(path);
  if (kind === null) throw refuse(`the command "${shown(command)}" does not exist (${shown(path)})`);
  if (kind !== "file")
    throw refuse(`"${shown(command)}" is ${kind === "folder" ? "a folder" : "no file"}, not a command`);
  if (!may(path, constants.X_OK))
    throw refuse(`${shown(path)} is not executable`, `Make it executable: chmod +x ${shown(path)}`);
  checkHead(path);
  return path;
}

/** Text needs a first line that names its interpreter, and that must exist; all else is left to the kernel. */
function checkHead(path: string): void {
  let length = 0;
  try {
    const fd = openSync(path, "r");
    length = readSync(fd, HEAD, 0, HEAD.length, 0);
    closeSync(fd);
  } catch {
    return; // Executable but not readable is fine.
  }
  if (length === 0) throw refuse(`${shown(path)} is empty`);
  const text = HEAD.toString("latin1", 0, length);
  if (text.startsWith("#!")) {
    const interpreter = /^#![ \t]*([^ \t\r\n]+)/.exec(text)?.[1];
    if (interpreter !== undefined && isAbsolute(interpreter) && kindOf(interpreter) === null)
      throw refuse(`${shown(path)} wants the interpreter ${shown(interpreter)}, which does not exist`);
    if (/^#![^\n]*\r\n/.test(text))
      throw refuse(`${shown(path)} has Windows line ends, so its interpreter is not found`);
    return;
  }
  // Every binary format has a NUL in its head, no text has.
  if (!text.includes("\0"))
    throw refuse(
      `${shown(path)} is a text file without a "#!" line`,
      "Say in its first line what runs it, for example #!/bin/sh.",
    );
}

function kindOf(path: string): "file" | "folder" | "other" | null {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return null;
    return stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "other";
  } catch {
    return null;
  }
}

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

const refuse = (reason: string, hint?: string): GantryError =>
  new GantryError("start-failed", hint === undefined ? { reason } : { reason, hint });

/** Names of files may hold anything; messages are one short line. */
const shown = (text: string): string => {
  const plain = text.replace(/\p{C}/gu, "?");
  return plain.length > 200 ? `${plain.slice(0, 200)}…` : plain;
};
