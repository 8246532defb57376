// The target release can't run: the last good one becomes the target again.
import type { App } from "../../domain/app.ts";
import type { Workshop } from "../workshop.ts";

export async function revertTarget({ context }: Workshop, app: App): Promise<void> {
  const now = context.store.apps.get(app.id);
  if (now === undefined || now.goodReleaseId === null) return;
  const { releases } = context.store;
  const [bad, good] = [releases.get(now.targetReleaseId ?? ""), releases.get(now.goodReleaseId)];
  const message = `release ${bad?.number} did not get ready; back to release ${good?.number}`;
  await context.store.record({
    put: { apps: [{ ...now, targetReleaseId: now.goodReleaseId }] },
    events: [{ type: "release.reverted", appId: app.id, actor: "daemon", message }],
  });
}
