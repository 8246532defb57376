// Keeps a release for good, or lets it go when its time has come.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { Release } from "../domain/release.ts";
import { findRelease } from "./rollback-app.ts";

/** Throws `release-missing`. */
export async function pinRelease(
  context: Context,
  app: App,
  number: number,
  pinned: boolean,
  actor: string,
): Promise<Release> {
  await context.store.write(() => {
    const release = findRelease(context, app, number);
    if ((release.pinned ?? false) === pinned) return {};
    const message = `release ${number} of ${app.name} is ${pinned ? "pinned" : "no longer pinned"}`;
    return {
      put: { releases: [{ ...release, pinned }] },
      events: [{ type: pinned ? "release.pinned" : "release.unpinned", appId: app.id, actor, message }],
    };
  });
  return findRelease(context, app, number);
}
