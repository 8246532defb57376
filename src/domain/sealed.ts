// What is kept sealed, and what can be told about it without the key.
import type { App } from "./app.ts";
import type { Store } from "./store.ts";

/** The place of an app's secret; see `Sealer`. */
export const secretPlace = (appId: string, name: string): string => `${appId}/secret/${name}`;

/** The place of what lets Gantry into an app's repository. */
export const credentialPlace = (appId: string): string => `${appId}/credential`;

/** Equal for two sealed texts of the same place when what is in them is equal. */
export const sealedMark = (sealed: string): string => sealed.split(".")[1] ?? sealed;

/** Bytes of the text that is in it: what is around it takes a nonce of 12 and a tag of 16. */
export const sealedSize = (sealed: string): number =>
  Math.max(0, Math.floor(((sealed.split(".")[2] ?? "").length * 3) / 4) - 28);

/** Names of the apps that keep what only the present key opens. Deleted ones count: they can come back. */
export const holdersOfSealed = ({ apps }: Pick<Store, "apps">): string[] =>
  [...apps.all()].filter(holdsSealed).map(({ name }) => name);

const holdsSealed = ({ secrets = {}, credential = null }: App): boolean =>
  Object.keys(secrets).length > 0 || credential !== null;
