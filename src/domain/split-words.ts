// Splits a command line into words as a POSIX shell does, without a shell, and quotes words back for display.
// A scanner of our own: unbalanced quotes and `a#b` must be told apart, which word splitters commonly do not.
import { GantryError } from "./errors.ts";

const OPERATOR = /^(?:&&|\|\||;;|>>|<<|>&|<&|[|&;()<>\n])/;
/** What stays in the words, to be filled at each start. */
const FILLED = /^\$(?:(?:PORT|HOST)(?!\w)|\{(?:PORT|HOST)\})/;
/** What a shell would replace: `$NAME`, `$(…)`, `$((…))`, `${x:-y}`, `$1`, `$?`, `$'…'`. */
const EXPANSION = /^\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\}|[({'"]|[0-9?!$@*#-])/;

/**
 * The words of a command line (POSIX.1-2024, Shell Command Language, 2.2 and 2.3). `$PORT` and `$HOST` stay as they
 * are. Throws `invalid-input` for what is malformed and for whatever only a shell can do: operators, globs, comments,
 * substitutions, other variables.
 */
export function splitWords(line: string): string[] {
  if (line.includes("\0")) throw malformed("it holds a NUL character");
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;
  while (at < line.length) {
    const char = line.charAt(at);
    if (char === " " || char === "\t") {
      if (word !== null) words.push(word);
      word = null;
      at++;
      continue;
    }
    const piece = readPiece(line, at, word === null);
    if (piece.text !== null) word = (word ?? "") + piece.text;
    at = piece.end;
  }
  if (word !== null) words.push(word);
  return words;
}

/** The words, or null where they can't be told without a shell. */
export function wordsOrNull(line: string): string[] | null {
  try {
    return splitWords(line);
  } catch (error) {
    if (error instanceof GantryError) return null;
    throw error;
  }
}

interface Piece {
  /** Null for what leaves no trace (a line continuation). */
  text: string | null;
  end: number;
}

function readPiece(line: string, at: number, first: boolean): Piece {
  const char = line.charAt(at);
  if (char === "'") return readSingleQuoted(line, at);
  if (char === '"') return readDoubleQuoted(line, at);
  if (char === "\\") {
    if (at + 1 >= line.length) throw malformed("it ends with a lone backslash");
    return { text: line[at + 1] === "\n" ? null : line.charAt(at + 1), end: at + 2 };
  }
  const operator = OPERATOR.exec(line.slice(at, at + 2));
  if (operator) throw needsShell(operator[0] === "\n" ? "a line end" : `the operator ${operator[0]}`);
  if (char === "*" || char === "?") throw needsShell(`the pattern ${char} (or quote it)`);
  if (first && char === "#") throw needsShell("a comment (#; or quote it)");
  if (first && char === "~") throw needsShell("~ (or write the whole path)");
  return readDollarOrChar(line, at);
}

function readDollarOrChar(line: string, at: number): Piece {
  const char = line.charAt(at);
  if (char === "`") throw needsShell("a command substitution (`)");
  if (char !== "$") return { text: char, end: at + 1 };
  const rest = line.slice(at, at + 300);
  const filled = FILLED.exec(rest);
  if (filled) return { text: filled[0], end: at + filled[0].length };
  const expansion = EXPANSION.exec(rest);
  if (expansion) throw needsShell(`the expansion ${expansion[0]} (or quote it with ')`);
  return { text: char, end: at + 1 };
}

function readSingleQuoted(line: string, at: number): Piece {
  const end = line.indexOf("'", at + 1);
  if (end === -1) throw malformed("a quote (') is not closed");
  return { text: line.slice(at + 1, end), end: end + 1 };
}

function readDoubleQuoted(line: string, at: number): Piece {
  let text = "";
  let here = at + 1;
  while (here < line.length) {
    const char = line.charAt(here);
    if (char === '"') return { text, end: here + 1 };
    if (char === "\\") {
      const next = line.charAt(here + 1);
      if ('$`"\\'.includes(next)) text += next;
      else if (next !== "\n") text += char + next;
      here += 2;
    } else if (char === "$" && line[here + 1] === '"') {
      text += char;
      here++;
    } else {
      const piece = readDollarOrChar(line, here);
      text += piece.text ?? "";
      here = piece.end;
    }
  }
  throw malformed('a quote (") is not closed');
}

const malformed = (reason: string): GantryError => new GantryError("invalid-input", { reason });

const needsShell = (what: string): GantryError => malformed(`${what} needs shell: true`);

const PLAIN = /^(?:[\w@%+=:,./[\]{}-]|\$(?:(?:PORT|HOST)(?!\w)|\{(?:PORT|HOST)\}))+$/;

/** A command line that reads well and splits into the same words again. */
export function quoteWords(words: readonly string[]): string {
  return words.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(" ");
}
