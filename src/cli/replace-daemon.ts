// Replaces the running daemon by this program's own. The apps go on, the new one finds them again.
import { createClient } from "../client/client.ts";
import { buildStamp, STAMP_HEADER } from "../lib/build-stamp.ts";
import { compareBuilds } from "./compare-builds.ts";
import type { Home } from "./home.ts";
import { type DaemonPlace, lengthOf, notStarted, PATIENCE_MS, pause } from "./start-daemon.ts";
import { takeTurn } from "./start-turn.ts";

/**
 * Resolves when a daemon answers that is not older than this program: true when this one has replaced it. The old daemon
 * starts the new one's keeper, so that settings stay those that it was started with. Of many programs at once one does it; the
 * others wait. Throws what the old daemon refuses (`ClientError`), and `unreachable` when the new one does not come up.
 */
export async function replaceDaemon({ home, daemonFile }: DaemonPlace): Promise<boolean> {
  const { fileURLToPath } = process.getBuiltinModule("node:url");
  const inTime = patience(home);
  const endTurn = await nextTurn(home, inTime);
  try {
    if (!(await olderRuns(home.socket))) return false;
    const body = { program: process.execPath, file: fileURLToPath(daemonFile) };
    const client = createClient({ socketPath: home.socket, name: "cli" });
    await client.request("POST", "/api/system/replace", { body });
    while ((await olderRuns(home.socket)) !== false) await inTime();
    return true;
  } finally {
    endTurn();
  }
}

/** A pause; throws `unreachable`, with the last words of the daemon, once there were too many. */
export function patience(home: Home): () => Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  const said = lengthOf(home.daemonLog);
  return async () => {
    if (performance.now() > deadline) throw notStarted(home, said, undefined);
    await pause();
  };
}

/** Waits for this program's turn (see `start-turn.ts`); returns how it is given back. */
export async function nextTurn(home: Home, inTime: () => Promise<void>): Promise<() => void> {
  for (;;) {
    const endTurn = takeTurn(home.startTurn);
    if (endTurn !== null) return endTurn;
    await inTime();
  }
}

/** Undefined when no daemon answers. */
async function olderRuns(socketPath: string): Promise<boolean | undefined> {
  let older: boolean | undefined;
  const client = createClient({
    socketPath,
    onAnswer: (headers) => {
      older = compareBuilds(headers[STAMP_HEADER] ?? "", buildStamp) < 0;
    },
  });
  await client.request("GET", "/health").catch(() => {});
  return older;
}
