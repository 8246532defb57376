// `gantry doctor`: does this machine have what Gantry needs?

import { harmless } from "../../lib/harmless-text.ts";
import { command } from "../command.ts";
import { type CheckResult, runChecks } from "../doctor/checks.ts";
import { withProgress } from "../progress.ts";

const MARKS = { ok: ["✓", "green"], warn: ["!", "yellow"], fail: ["✗", "red"] } as const;

export default command({
  description:
    "Works without a daemon, and starts none. Ends with 1 when something that Gantry can't do without is missing.",
  arguments: [],
  options: {},
  examples: [{ line: "gantry doctor", what: "look at everything" }],
  async run(_, session) {
    const { out } = session;
    const checks = await withProgress(out, "Looking around", runChecks(session.env));
    const failed = checks.some(({ result }) => result === "fail");
    if (out.json) out.document({ ok: !failed, checks });
    else for (const check of checks) if (!out.quiet || check.result === "fail") show(check);
    return failed ? "failed" : "done";

    function show({ name, result, found, hint }: CheckResult): void {
      const [mark, colour] = MARKS[result];
      out.print(`${out.paint(mark, colour)} ${name}: ${harmless(found)}`);
      if (hint !== undefined) out.print(`  ${out.paint(hint, "grey")}`);
    }
  },
});
