// `gantry doctor`: does this machine have what Gantry needs?

import { harmless } from "../../lib/harmless-text.ts";
import { command } from "../command.ts";
import { type CheckResult, runChecks } from "../doctor/checks.ts";
import { capitalised } from "../help.ts";
import { withProgress } from "../progress.ts";
import type { Session } from "../session.ts";

/** What a running daemon sees that is not seen from here. */
const OF_THE_DAEMON = /^(disk|database|edge|names|engine .*)$/;

async function lookAround(session: Session): Promise<CheckResult[]> {
  const own = await runChecks(session.env);
  if (!own.some(({ name, result }) => name === "Daemon" && result === "ok")) return own;
  const { checks } = await session.daemon().request("GET", "/api/doctor");
  const others = checks
    .filter(({ name }) => OF_THE_DAEMON.test(name))
    .map(({ name, ok, message, hint }): CheckResult => {
      const result = ok ? "ok" : name === "names" || name === "disk" ? "warn" : "fail";
      return { name: capitalised(name), result, found: message, ...(hint !== undefined && { hint }) };
    });
  return [...own, ...others];
}

const MARKS = { ok: ["✓", "green"], warn: ["!", "yellow"], fail: ["✗", "red"] } as const;

export default command({
  description:
    "Works without a daemon, and starts none. Ends with 1 when something that Gantry can't do without is missing.",
  arguments: [],
  options: {},
  examples: [{ line: "gantry doctor", what: "look at everything" }],
  async run(_, session) {
    const { out } = session;
    const checks = await withProgress(out, "Looking around", lookAround(session));
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
