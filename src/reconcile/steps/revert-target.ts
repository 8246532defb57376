// The target release can't run: the last good one becomes the target again, and the deployment has failed.
import { type App, hasSameAim } from "../../domain/app.ts";
import { wayBack } from "../../domain/way-back.ts";
import { failureOf } from "../failure-of.ts";
import { closing, startingOf } from "../follow-deployment.ts";
import type { Workshop } from "../workshop.ts";
import { writeSurely } from "../write-surely.ts";

export async function revertTarget(shop: Workshop, app: App): Promise<void> {
  const { store } = shop.context;
  const failure = await failureOf(shop, app);
  await writeSurely(shop.context, () => {
    const now = store.apps.get(app.id);
    // A newer deploy may have set another target meanwhile: that one has its own trial.
    if (now === undefined || now.goodReleaseId === null || !hasSameAim(now, app)) return {};
    const [bad, good] = [
      store.releases.get(now.targetReleaseId ?? ""),
      store.releases.get(now.goodReleaseId),
    ];
    const message = `release ${bad?.number} did not get ready; back to release ${good?.number}: ${failure.reason}`;
    const deployment = startingOf(shop, now);
    const end =
      deployment === undefined ? {} : closing(shop, now, deployment, { state: "failed", ...failure });
    return {
      put: { ...end.put, apps: [wayBack(now, deployment, now.goodReleaseId)] },
      events: [{ type: "release.reverted", appId: app.id, actor: "daemon", message }, ...(end.events ?? [])],
    };
  });
}
