// A daemon of another build answers: an older one is replaced, a newer one is named.
import { ClientError } from "../client/client.ts";
import { buildStamp } from "../lib/build-stamp.ts";
import { harmless } from "../lib/harmless-text.ts";
import { compareBuilds, nameBuild } from "./compare-builds.ts";
import type { Output } from "./output.ts";
import { withProgress } from "./progress.ts";
import { nextTurn, patience, replaceDaemon } from "./replace-daemon.ts";
import type { DaemonPlace } from "./start-daemon.ts";

/**
 * `theirs` is the stamp of the daemon, "" where it sends none; null where none answers because it is being started. True when
 * another daemon answers now. Throws what `replaceDaemon` throws, refusals excepted.
 */
export async function meetDaemon(place: DaemonPlace, theirs: string | null, out: Output): Promise<boolean> {
  if (theirs === null) {
    const { home } = place;
    await withProgress(out, "Waiting for the daemon", nextTurn(home, patience(home))).then((end) => end());
    return true;
  }
  const order = compareBuilds(buildStamp, theirs);
  if (order === 0) return false;
  const name = theirs === "" ? "unknown" : harmless(nameBuild(theirs, buildStamp));
  const own = nameBuild(buildStamp, theirs);
  if (order < 0) {
    out.warn(`The daemon is of a newer Gantry (${name}) than this command (${own}): use the newer one.`);
    return false;
  }
  try {
    const work = withProgress(out, "Replacing the daemon of an older Gantry", replaceDaemon(place));
    if (!(await work)) return true;
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    out.warn(`The daemon is of an older Gantry (${name}) than this command (${own}): ${error.message}.`);
    return false;
  }
  out.note(`Replaced the daemon of an older Gantry (${name}) by this one's (${own}); apps go on.`);
  return true;
}
