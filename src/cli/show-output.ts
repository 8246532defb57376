// What a finite run printed, stdout and stderr each where they belong; live while it runs.
import { harmless } from "../lib/harmless-text.ts";
import { Failure } from "./failure.ts";
import { daemonBack } from "./log-source.ts";
import { onInterrupt } from "./progress.ts";
import type { Session } from "./session.ts";
import { write } from "./write.ts";

const STREAMS = ["stdout", "stderr"] as const;
type Stream = (typeof STREAMS)[number];

/** Returns when it has ended and all is shown. With --json each line is a document that names its stream. */
export async function showOutput(id: string, session: Session): Promise<void> {
  onInterrupt(session.out, "");
  const { state } = await session.daemon().request("GET", "/api/executions/{id}", { params: { id } });
  const show = state === "running" ? follow : read;
  await Promise.all(STREAMS.map((stream) => show(id, stream, session)));
}

const pathOf = (stream: Stream) => `/api/executions/{id}/${stream}` as const;

function print(lines: string[], stream: Stream, { out }: Session): void {
  if (lines.length === 0) return;
  if (out.json) for (const text of lines) out.document({ stream, text });
  else {
    const text = lines.map((line) => harmless(line, { colours: out.terminal.colours })).join("\n");
    write(stream === "stdout" ? 1 : 2, `${text}\n`);
  }
}

/** Many lines at a time. */
async function read(id: string, stream: Stream, session: Session): Promise<void> {
  const utf8 = new TextDecoder();
  let rest = "";
  for await (const piece of session.daemon().bytes(pathOf(stream), { params: { id } })) {
    const lines = (rest + utf8.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    print(lines, stream, session);
  }
}

/** Line by line, also when the daemon is replaced meanwhile: what was shown is not shown again. */
async function follow(id: string, stream: Stream, session: Session): Promise<void> {
  let shown = -1;
  for (;;) {
    try {
      const query = { follow: "true" as const };
      for await (const event of session.daemon().stream(pathOf(stream), { params: { id }, query })) {
        const offset = Number(event.id);
        if (offset > shown) print([(event.data as { text: string }).text], stream, session);
        shown = Math.max(shown, offset);
      }
      return;
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== "unreachable") throw error;
      await daemonBack(session);
    }
  }
}
