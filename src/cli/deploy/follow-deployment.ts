// Waits for the end of a deployment, and shows it on the way. A daemon that dies meanwhile is waited for: the next one goes on with it.
import type { DeploymentView } from "../../domain/deployment-view.ts";
import { createBell } from "../bell.ts";
import { listen } from "../news.ts";
import { createPatience } from "../patience.ts";
import { onInterrupt } from "../progress.ts";
import type { Session } from "../session.ts";
import { readDeploymentLog } from "./deployment-log.ts";
import { showStages } from "./show-stages.ts";

/** News come in bursts: one look serves a burst. */
const BURST_MS = 40;
/** For news that got lost. */
const LOOK_MS = 500;

/** Resolves to the deployment as it ended. Throws `unreachable` when the daemon stays away. */
export async function followDeployment(session: Session, accepted: DeploymentView): Promise<DeploymentView> {
  const { id, appId } = accepted;
  const { out } = session;
  const shown = showStages(out);
  const wish = `gantry deployments ${id}`;
  onInterrupt(out, `The deploy goes on: ${wish} --follow shows it, ${wish} --cancel ends it.`, shown?.end);
  const readLog = readDeploymentLog(session, id);
  const patiently = createPatience();
  const stop = new AbortController();
  const bell = createBell();
  void listen(session, (news) => void (news.appId === appId && bell.ring()), stop.signal);
  const look = async (): Promise<DeploymentView> => {
    const now = await session.daemon().request("GET", "/api/deployments/{id}", { params: { id } });
    // Read after the row: the log of one that has ended is complete.
    if (shown !== null) shown.lines(await readLog(!now.open));
    shown?.show(now);
    return now;
  };
  try {
    for (;;) {
      const now = await patiently(look);
      if (now !== undefined && !now.open) return now;
      await bell.heard(LOOK_MS);
      await new Promise((resolve) => setTimeout(resolve, BURST_MS));
    }
  } finally {
    stop.abort();
    shown?.end();
  }
}
