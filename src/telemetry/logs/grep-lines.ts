// The filter of `gantry logs --grep`: plain text, or a regular expression between slashes that can't hang the daemon.
import { createContext, Script } from "node:vm";
import { GantryError } from "../../domain/errors.ts";

/** For about 256 kB of lines; a harmless expression needs a hundredth of it. */
const TIMEOUT_MS = 1_000;

export type LineFilter = (texts: string[]) => boolean[];

/** Throws `invalid-input` for an expression that is none; the filter throws it for one that takes too long. */
export function lineFilter(grep: string | undefined): LineFilter | undefined {
  if (grep === undefined || grep === "") return undefined;
  const source = /^\/(.+)\/(i?)$/s.exec(grep);
  if (!source) return (texts) => texts.map((text) => text.includes(grep));
  const expression = compile(source[1] ?? "", source[2] ?? "");
  // Only vm can end an expression that backtracks for ever.
  const context = createContext({
    test: (texts: string[]) => texts.map((text) => expression.test(text)),
    texts: [],
  });
  const script = new Script("test(texts)");
  return (texts) => {
    context.texts = texts;
    try {
      return script.runInContext(context, { timeout: TIMEOUT_MS }) as boolean[];
    } catch (error) {
      throw new GantryError(
        "invalid-input",
        { field: "grep", reason: "the expression takes too long" },
        error,
      );
    } finally {
      context.texts = [];
    }
  };
}

function compile(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    try {
      return new RegExp(source, flags);
    } catch (error) {
      const reason = `it is no regular expression: ${(error as Error).message}`;
      throw new GantryError("invalid-input", { field: "grep", reason }, error);
    }
  }
}
