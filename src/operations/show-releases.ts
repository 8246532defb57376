// The releases of an app, as every face shows them.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { Release } from "../domain/release.ts";
import type { ReleaseState, ReleaseView } from "../domain/release-view.ts";
import { findRelease } from "./rollback-app.ts";
import { lookAt, type Seen } from "./show-summary.ts";

/** Newest first. */
export function listReleases(context: Context, app: App): ReleaseView[] {
  const seen = lookAt(context, app);
  return context.store.releases
    .ofApp(app.id)
    .toReversed()
    .map((release) => viewRelease(context, app, release, seen));
}

/** Throws `release-missing`. */
export const showRelease = (context: Context, app: App, number: number): ReleaseView =>
  viewRelease(context, app, findRelease(context, app, number), lookAt(context, app));

function viewRelease(context: Context, app: App, release: Release, seen: Seen): ReleaseView {
  const { code = { type: "live" }, launch } = release;
  return {
    number: release.number,
    state: stateOf(context, app, release, seen),
    target: app.targetReleaseId === release.id,
    author: release.author ?? null,
    message: release.message ?? null,
    source: release.sourceText ?? null,
    code: code.type,
    tree: code.type === "tree" ? code.hash : null,
    size: code.type === "tree" ? code.bytes : null,
    createdAt: new Date(release.createdAt).toISOString(),
    buildMs: release.buildMs,
    pinned: release.pinned ?? false,
    deploymentId: release.deploymentId ?? null,
    toolchain: launch.toolchain,
    framework: launch.framework,
    run: release.run,
    entry: release.entry,
  };
}

function stateOf(
  { store }: Context,
  app: App,
  { id, goodAt, launch }: Release,
  { serving, facts }: Seen,
): ReleaseState {
  const isPublished = launch.staticRoot !== null && facts.wanted && app.targetReleaseId === id;
  if (isPublished || (serving?.releaseId === id && serving.readyAt !== null)) return "serving";
  if (goodAt !== undefined || app.goodReleaseId === id) return "good";
  const latest = store.deployments.ofApp(app.id).findLast((one) => one.releaseId === id);
  return latest?.state === "failed" ? "failed" : "kept";
}
