// What a finite run printed, stdout and stderr each where they belong; live while it runs.
import { harmless } from "../lib/harmless-text.ts";
import { Failure } from "./failure.ts";
import { onInterrupt } from "./progress.ts";
import type { Session } from "./session.ts";
import { write } from "./write.ts";

type Stream = "stdout" | "stderr";

/** Returns when it has ended and all is shown. With --json each line is a document that names its stream. */
export async function showOutput(id: string, session: Session): Promise<void> {
  onInterrupt(session.out, "");
  await Promise.all((["stdout", "stderr"] as const).map((stream) => show(id, stream, session)));
}

async function show(id: string, stream: Stream, session: Session): Promise<void> {
  const { out } = session;
  const print = (text: string): void => {
    if (out.json) out.document({ stream, text });
    else write(stream === "stdout" ? 1 : 2, `${harmless(text, { colours: out.terminal.colours })}\n`);
  };
  // What came before the daemon was replaced has been shown.
  let shown = -1;
  for (let again = true; again; ) {
    again = false;
    try {
      const path = `/api/executions/{id}/${stream}` as const;
      for await (const event of session
        .daemon()
        .stream(path, { params: { id }, query: { follow: "true" } })) {
        const offset = Number(event.id);
        if (offset <= shown) continue;
        shown = offset;
        print((event.data as { text: string }).text);
      }
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== "unreachable") throw error;
      const { daemonBack } = await import("./log-source.ts");
      await daemonBack(session);
      again = true;
    }
  }
}
