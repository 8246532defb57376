// `gantry events`: what happened, and who caused it.

import { harmless } from "../../lib/harmless-text.ts";
import { command } from "../command.ts";
import { Failure } from "../failure.ts";
import { daemonBack } from "../log-source.ts";
import { onInterrupt } from "../progress.ts";
import { clockTime } from "../quantity.ts";
import type { Session } from "../session.ts";

export default command({
  arguments: [{ name: "app", summary: "only its events", complete: "app" }],
  options: {
    follow: { type: "flag", short: "f", summary: "go on with new events until Ctrl-C" },
    tail: {
      type: "number",
      short: "n",
      value: "events",
      min: 0,
      max: 10_000,
      summary: "the last events; default: 20",
    },
  },
  examples: [
    { line: "gantry events -f", what: "live" },
    { line: "gantry events notes --tail 100", what: "of one app" },
  ],
  async run({ args, options }, session) {
    const daemon = session.daemon();
    const app = args[0] === undefined ? {} : { app: args[0] };
    onInterrupt(session.out, "");
    const limit = options.tail ?? 20;
    const { events } = await daemon.request("GET", "/api/events", {
      query: { ...app, limit: Math.max(1, limit) },
    });
    const show = eventPrinter(session);
    for (const event of limit === 0 ? [] : events) show(event);
    if (!options.follow) return;
    await follow(app, events.at(-1)?.id ?? 0, show, session);
  },
});

/** Goes on behind the last event when the daemon was replaced meanwhile. */
async function follow(
  app: { app?: string },
  last: number,
  show: (event: ShownEvent) => void,
  session: Session,
): Promise<void> {
  let after = last;
  for (;;) {
    try {
      for await (const { event, data } of session
        .daemon()
        .stream("/api/events", { query: { ...app, after } })) {
        if (event === "gap") continue;
        const shown = data as ShownEvent;
        after = shown.id;
        show(shown);
      }
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== "unreachable") throw error;
    }
    await daemonBack(session);
  }
}

interface ShownEvent {
  id: number;
  at: string | number;
  app: string | null;
  type: string;
  actor: string;
  message: string;
}

function eventPrinter({ out }: Session): (event: ShownEvent) => void {
  return (event) => {
    if (out.json) return out.document(event);
    const colour = /failed|unhealthy/.test(event.type) ? "red" : "cyan";
    const who = /^(daemon|cli)$/.test(event.actor) ? "" : out.paint(` (${harmless(event.actor)})`, "grey");
    const time = out.paint(clockTime(event.at, Date.now()), "grey");
    out.verbatim(
      `${time}  ${out.paint(harmless(event.app ?? "gantry"), colour)}  ${harmless(event.message)}${who}`,
    );
  };
}
