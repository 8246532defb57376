// The target release proved itself: from now on a failing one goes back to it.
import type { App } from "../../domain/app.ts";
import type { Workshop } from "../workshop.ts";

export async function markGood({ context }: Workshop, app: App): Promise<void> {
  const now = context.store.apps.get(app.id);
  if (now === undefined) return;
  await context.store.record({ put: { apps: [{ ...now, goodReleaseId: now.targetReleaseId }] } });
}
