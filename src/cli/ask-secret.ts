// A question whose answer is not shown while it is typed.
import { Failure } from "./failure.ts";
import { exitCode } from "./output.ts";
import type { Session } from "./session.ts";
import { write } from "./write.ts";

/** The line that is typed. Throws `failed` at the end of the input; only to be called where a person can answer. */
export async function askSecret({ out }: Pick<Session, "out">, question: string): Promise<string> {
  const { createInterface } = process.getBuiltinModule("node:readline");
  const { Writable } = process.getBuiltinModule("node:stream");
  // With a terminal that swallows everything, readline itself reads the keys: nothing is echoed.
  const silent = new Writable({ write: (_piece, _encoding, done) => done() });
  write(2, question);
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true, historySize: 0 });
  const typed = await new Promise<string | null>((resolve) => {
    lines.once("SIGINT", () => {
      lines.close();
      write(2, "\n");
      out.note("Nothing was changed.");
      process.exit(exitCode("interrupted"));
    });
    lines.once("line", resolve);
    lines.once("close", () => resolve(null));
  });
  lines.close();
  write(2, "\n");
  if (typed === null) throw new Failure("failed", "Nothing was changed", { code: "declined" });
  return typed;
}
