// Questions, only where a person can answer them.
import { Failure } from "./failure.ts";
import { onInterrupt } from "./progress.ts";
import type { Session } from "./session.ts";
import { write } from "./write.ts";

/** Goes on when the answer is yes, when `--yes` was given, and where nobody can be asked. Throws `failed` on no. */
export async function confirm(session: Session, question: string): Promise<void> {
  if (session.yes || session.out.json || !session.out.terminal.asks) return;
  onInterrupt(session.out, "Nothing was changed.");
  write(2, `${question} [y/N] `);
  const answer = await readLine();
  if (!/^y(es)?$/i.test(answer.trim()))
    throw new Failure("failed", "Nothing was changed", { code: "declined" });
}

function readLine(): Promise<string> {
  const { createInterface } = process.getBuiltinModule("node:readline");
  const lines = createInterface({ input: process.stdin });
  return new Promise((resolve) => {
    lines.once("line", (line) => {
      resolve(line);
      lines.close();
    });
    lines.once("close", () => resolve(""));
  });
}
