// What a deployment printed, read on from where one was: nothing twice, nothing left out, whatever happens to the daemon.
import type { Session } from "../session.ts";

/** Complete lines that are new since the last call. Throws `Failure`; then the next call goes on behind what was given. */
export function readDeploymentLog(session: Session, id: string): (last: boolean) => Promise<string[]> {
  let from = 0;
  let rest: Buffer = Buffer.alloc(0);
  return async (last) => {
    const pieces: Buffer[] = [rest];
    const bytes = session.daemon().bytes("/api/deployments/{id}/log", { params: { id }, query: { from } });
    try {
      for await (const piece of bytes) {
        pieces.push(piece);
        from += piece.length;
      }
    } finally {
      rest = Buffer.concat(pieces);
    }
    const all = rest;
    const end = last ? all.length : all.lastIndexOf("\n") + 1;
    rest = all.subarray(end);
    const text = all.toString("utf8", 0, end);
    return text === "" ? [] : text.replace(/\n$/, "").split("\n");
  };
}
