// What is kept sealed, and what can be told about it without the key.
import type { App } from "./app.ts";
import type { Store } from "./store.ts";

/** The place of an app's secret; see `Sealer`. */
export const secretPlace = (appId: string, name: string): string => `${appId}/secret/${name}`;

/** Equal for two sealed texts of the same place when what is in them is equal. */
export const sealedMark = (sealed: string): string => sealed.split(".")[1] ?? sealed;

/** Is there anything that only the present key can open? Deleted apps and older releases count: they can come back. */
export function holdsSealed({ apps, releases }: Pick<Store, "apps" | "releases">): boolean {
  const has = ({ secrets }: Pick<App, "secrets">): boolean => Object.keys(secrets ?? {}).length > 0;
  for (const app of apps.all()) if (has(app) || (app.credential ?? null) !== null) return true;
  for (const release of releases.all()) if (has(release)) return true;
  return false;
}
