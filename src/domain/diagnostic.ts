// What is wrong with code, at its place: for people and for the lines of an editor.

import { GantryError } from "./errors.ts";

export interface Diagnostic {
  /** Relative to the code's folder; null when it is about the app as a whole. */
  file: string | null;
  /** From 1. */
  line: number | null;
  /** From 1, in UTF-16 code units. */
  column: number | null;
  severity: "error" | "warning";
  /** `syntax`, `import`, `entry`, `port`, `name`, `requirement`… */
  code: string;
  message: string;
}

/** Code that can't run. */
export class InvalidCode extends GantryError {
  readonly diagnostics: Diagnostic[];

  /** `diagnostics` has at least one error; the first one is the reason. */
  constructor(diagnostics: Diagnostic[]) {
    const errors = diagnostics.filter(isError);
    const [first] = errors;
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
    super("invalid-code", {
      reason: `${first === undefined ? "the code can't run" : diagnosticText(first)}${more}`,
    });
    this.diagnostics = diagnostics;
  }
}

export const isError = ({ severity }: Diagnostic): boolean => severity === "error";

/** `main.py:3:8: invalid syntax`, as far as the place is known. */
export function diagnosticText({ file, line, column, message }: Diagnostic): string {
  if (file === null) return message;
  const place = [file, line, line === null ? null : column].filter((part) => part !== null).join(":");
  return `${place}: ${message}`;
}

/** By file, line and column; what is about the app as a whole comes first. */
export const inReadingOrder = (diagnostics: readonly Diagnostic[]): Diagnostic[] =>
  diagnostics.toSorted(
    (a, b) =>
      compare(a.file ?? "", b.file ?? "") ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0) ||
      compare(a.message, b.message),
  );

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
