// A release that is to take over from a good one is on trial: it gets few tries, because the way back is sure.
import type { Instance } from "./instance.ts";

/** What is known of the tries of a release that is not good yet. */
export interface Tries {
  /** Failed runs of this round. */
  failed: readonly Instance[];
  /** One that lives has failed its check for good, or was not ready in time. */
  isUnhealthy: boolean;
  /** An instance of the release before is ready and serves meanwhile. */
  isBesideHealthy: boolean;
  /** The restart policy wants another run. */
  mayTryAgain: boolean;
}

/** A crash may be an accident; while nobody waits for the newcomer it gets a second try. */
const TRIES_BESIDE_A_HEALTHY_ONE = 2;

/** Has it shown that it can't run? Where requests wait for it, one failure is enough; a time-out always is. */
export function hasFailedTrial({ failed, isUnhealthy, isBesideHealthy, mayTryAgain }: Tries): boolean {
  if (isUnhealthy || failed.some((run) => run.endReason === "unhealthy")) return true;
  const tries = isBesideHealthy && mayTryAgain ? TRIES_BESIDE_A_HEALTHY_ONE : 1;
  return failed.length >= tries;
}
