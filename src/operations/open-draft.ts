// Code that was saved and that no release has.
import type { Context } from "../context.ts";
import type { App, Draft } from "../domain/app.ts";
import { codeOf, type Release } from "../domain/release.ts";

/** The draft, while it waits to be deployed. One whose deploy failed waits still. */
export function openDraft({ store }: Pick<Context, "store">, app: App): Draft | null {
  const { draft } = app;
  if (draft == null) return null;
  const hasDraft = (release: Release): boolean => {
    const code = codeOf(release);
    return code.type === "tree" && code.hash === draft.tree && code.subfolder === draft.subfolder;
  };
  const failed = (release: Release): boolean => {
    const latest = store.deployments.ofApp(app.id).findLast(({ releaseId }) => releaseId === release.id);
    return latest?.state === "failed" || latest?.state === "cancelled";
  };
  const isDeployed = store.releases.ofApp(app.id).some(
    (release) =>
      hasDraft(release) &&
      !failed(release) &&
      // Code of an older release that was saved again waits to be deployed again.
      (release.id === app.targetReleaseId || release.createdAt >= draft.savedAt),
  );
  return isDeployed ? null : draft;
}
