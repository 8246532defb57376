// What is wrong with code, at its place: for people and for the lines of an editor.

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
