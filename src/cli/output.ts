// Everything that the command line prints, and the only place that knows exit codes.
import type { ErrorDocument } from "../domain/errors.ts";
import { type Paint, painter } from "./colour.ts";
import type { Outcome } from "./command.ts";
import { Failure, type FailureKind } from "./failure.ts";
import { oneLine } from "./one-line.ts";
import { type Cell, type Column, type FilledColumn, fill, tablePieces } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { write } from "./write.ts";

const EXIT: Record<FailureKind | Outcome, number> = {
  done: 0,
  failed: 1,
  usage: 2,
  invalid: 2,
  missing: 3,
  conflict: 4,
  unreachable: 5,
  denied: 6,
  interrupted: 130,
};

export const exitCode = (outcome: FailureKind | Outcome): number => EXIT[outcome];

export interface Style {
  json: boolean;
  quiet: boolean;
  /** How a person types this program: `gantry` or `npx gantry`. */
  program: string;
  terminal: Terminal;
}

export interface Output extends Style {
  paint: Paint;
  /** Text for people, on stdout. A line end is added. Nothing with --json. */
  print(text: string): void;
  /** What apps, files and the like hold, on stdout, word for word. Nothing with --json. */
  verbatim(text: string): void;
  /** The one JSON document, or one of a stream. */
  document(value: unknown): void;
  /** A remark for people, on stderr. Nothing with --json or --quiet. */
  note(text: string): void;
  /** A warning for people, on stderr. Nothing with --json. */
  warn(text: string): void;
  table(columns: Column[], rows: Cell[][]): Promise<void>;
  /** The same for long tables. */
  longTable(columns: FilledColumn[]): Promise<void>;
  /** Shows why it failed and returns the exit code. */
  fail(error: unknown): number;
}

export function createOutput(style: Style): Output {
  const paint = painter(style.terminal.colours);
  const spelled = (text: string) => spellCommands(text, style.program);
  const note = (text: string) => write(2, `${spelled(text)}\n`);
  const longTable = async (columns: FilledColumn[]) => {
    const { columns: width, colours } = style.terminal;
    // Who reads from a pipe begins while the rest is on its way.
    for (const piece of await tablePieces(columns, { width, paint: colours ? paint : undefined }))
      write(1, piece);
  };
  return {
    ...style,
    paint,
    print: (text) => style.json || write(1, `${spelled(text)}\n`),
    verbatim: (text) => style.json || write(1, `${text}\n`),
    document: (value) => write(1, `${JSON.stringify(value)}\n`),
    note: (text) => style.json || style.quiet || note(text),
    warn: (text) => style.json || note(`${paint("Warning:", "yellow")} ${text}`),
    table: (columns, rows) => longTable(fill(columns, rows)),
    longTable,
    fail(error) {
      const failure = asFailure(error);
      // A full disk behind stdout is told on stderr, not again on stdout.
      if (style.json && failure.facts.code !== "stdout")
        write(1, `${JSON.stringify(errorDocument(failure, spelled))}\n`);
      note(
        `${painter(style.terminal.live && style.terminal.colours)("Error:", "red")} ${errorLine(failure)}`,
      );
      if (failure.facts.code === "bug" && /^(debug|trace)$/.test(process.env.GANTRY_LOG_LEVEL ?? ""))
        note((error as Error).stack ?? "");
      return EXIT[failure.kind];
    },
  };
}

/** `gantry ls` in a sentence becomes `npx gantry ls` where that is what one types. */
export const spellCommands = (text: string, program: string): string =>
  program === "gantry" ? text : text.replace(/(?<![\w./-])gantry(?= [a-z-])/g, program);

/** With --json the error is the document on stdout, too; stderr has one line for people in any case. */
function errorDocument(failure: Failure, spelled: (text: string) => string): ErrorDocument {
  const { code, field, hint, id } = failure.facts;
  return {
    error: {
      code: code ?? failure.kind,
      message: failure.message,
      ...(field !== undefined && { field }),
      ...(hint !== undefined && { hint: spelled(hint) }),
      ...(id !== undefined && { id }),
    },
  };
}

/** One line: the sentence, and what to do about it. */
function errorLine(failure: Failure): string {
  const sentence = /[.!?]$/.test(failure.message) ? failure.message : `${failure.message}.`;
  const text = failure.facts.hint === undefined ? sentence : `${sentence} ${failure.facts.hint}`;
  return oneLine(text);
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Failure("failed", `This is a bug in Gantry: ${message}`, {
    code: "bug",
    hint: "GANTRY_LOG_LEVEL=debug shows where.",
  });
}
