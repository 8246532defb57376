// The ports of this machine that the compose file in an app's folder publishes.
import type { App } from "./app.ts";
import type { Store } from "./store.ts";

/** As the app's target release knew them. */
export function composePortsOf({ releases }: Pick<Store, "releases">, { targetReleaseId }: App): number[] {
  const release = targetReleaseId === null ? undefined : releases.get(targetReleaseId);
  return (release?.compose ?? []).flatMap(({ ports }) => ports);
}
