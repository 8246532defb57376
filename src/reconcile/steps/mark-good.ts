// The target release proved itself: from now on a failing one goes back to it. Its deployment is done with that.
import { type App, hasSameAim } from "../../domain/app.ts";
import { closing, startingOf } from "../follow-deployment.ts";
import type { Workshop } from "../workshop.ts";
import { writeSurely } from "../write-surely.ts";

export async function markGood(shop: Workshop, app: App): Promise<void> {
  const { store, clock } = shop.context;
  await writeSurely(shop.context, () => {
    const now = store.apps.get(app.id);
    const release = store.releases.get(now?.targetReleaseId ?? "");
    // Another release may have become the target while this write waited.
    if (now === undefined || release === undefined || !hasSameAim(now, app)) return {};
    const newest = Math.max(0, ...store.releases.ofApp(app.id).map((one) => one.goodAt ?? 0));
    const deployment = startingOf(shop, now);
    const end = deployment === undefined ? {} : closing(shop, now, deployment, { state: "done" });
    return {
      put: {
        ...end.put,
        apps: [{ ...now, goodReleaseId: release.id }],
        // Also under a clock that goes back the order of these times is that of the releases.
        releases: [{ ...release, goodAt: Math.max(clock.now(), newest + 1) }],
      },
      ...(end.events === undefined ? {} : { events: end.events }),
    };
  });
}
