// A second app with the code and the configuration of another one.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { GantryError } from "../domain/errors.ts";
import { credentialPlace, secretPlace } from "../domain/sealed.ts";
import { checkClaims } from "./check-claims.ts";
import { presentCode, releaseCode } from "./code-of-app.ts";
import { newApp, storeApps } from "./register-app.ts";

export interface CloneOrder {
  name: string;
  /** null: the draft, else what is deployed. */
  release: number | null;
  /** Secrets are copied only when asked for. */
  withSecrets: boolean;
}

/**
 * The clone does not run; its code is its draft. A fixed port and own host names stay with the original: two can't have them.
 * Throws `name-taken` and the like, `release-missing`, `code-missing`.
 */
export async function cloneApp(
  context: Context,
  app: App,
  { name, release, withSecrets }: CloneOrder,
  actor: string,
): Promise<App> {
  const code = release === null ? await presentCode(context, app) : await releaseCode(context, app, release);
  if (code === null) throw new GantryError("code-missing", { what: `The code of ${app.name}` });
  const blank = newApp(context, { name, config: {}, engine: app.engine }, { type: "files" });
  const config = { ...app.config, domains: [], ...(typeof app.config.port === "number" && { port: null }) };
  const clone: App = {
    ...blank,
    config,
    source: app.source.type === "git" ? app.source : blank.source,
    ...(withSecrets ? sealedAgain(context, app, blank) : {}),
    draft: {
      tree: code.tree.hash,
      subfolder: code.subfolder,
      savedAt: context.clock.now(),
      author: actor,
    },
  };
  checkClaims(context, clone);
  await context.code.copy(app.name, clone.name, code.tree.hash);
  await storeApps(context, [clone], actor);
  return clone;
}

/** A sealed value opens only at its place. */
function sealedAgain({ sealer }: Context, from: App, to: App): Pick<App, "secrets" | "credential"> {
  const move = (sealed: string, place: (appId: string) => string): string =>
    sealer.seal(sealer.open(sealed, place(from.id)), place(to.id));
  const secrets = Object.entries(from.secrets ?? {}).map(([name, sealed]) => [
    name,
    move(sealed, (appId) => secretPlace(appId, name)),
  ]);
  const credential = from.credential == null ? null : move(from.credential, credentialPlace);
  return { secrets: Object.fromEntries(secrets), credential };
}
