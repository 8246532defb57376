// What may be a variable or a secret of an app, and what both may be together.
import type { App } from "../domain/app.ts";
import { envProblem } from "../domain/env-file.ts";
import { GantryError } from "../domain/errors.ts";
import { sealedSize } from "../domain/sealed.ts";

/** `env`: variables that lie open in the configuration. `secrets`: sealed, and never shown. */
export type Kind = "env" | "secrets";

/** As in a sentence. */
export const KIND: Record<Kind, string> = { env: "variable", secrets: "secret" };

const MAX_BYTES = 1024 * 1024;

/** Throws `invalid-input` with the name as field; never repeats the value. */
export function checkValue(app: App, name: string, value: string): void {
  const problem = envProblem(name, value);
  if (problem !== undefined)
    throw new GantryError("invalid-input", { reason: problem, field: name.slice(0, 80) });
  const hint = reserved(app, name);
  if (hint !== null)
    throw new GantryError("invalid-input", { reason: `${name} is set by Gantry`, field: name, hint });
}

/** What to do instead of setting this name; null where it is the app's own. */
export function reserved({ name: app, config }: App, name: string): string | null {
  if (name === "HOST") return `For another address to listen on: gantry config ${app} host=…`;
  return name === "PORT" && config.port !== "none"
    ? `Each instance gets its port. For a fixed one: gantry config ${app} port=3000`
    : null;
}

/** Throws `variable-taken` when a variable bears the name of a secret: a process has one of that name. */
export function checkKinds({ name: app, config, secrets = {} }: App): void {
  const both = Object.keys(config.env).find((name) => Object.hasOwn(secrets, name));
  if (both !== undefined)
    throw new GantryError("variable-taken", {
      app,
      name: both,
      kind: KIND.secrets,
      field: `env.${both}`,
      hint: `Leave it out of env, or first: gantry secret unset ${app} ${both}`,
    });
}

/** Throws `invalid-input` when all values together are larger than 1 MiB: a program can't be started with much more. */
export function checkTotal({ config, secrets = {} }: Pick<App, "config" | "secrets">): void {
  let bytes = 0;
  for (const [name, value] of Object.entries(config.env)) bytes += name.length + Buffer.byteLength(value) + 2;
  for (const [name, sealed] of Object.entries(secrets)) bytes += name.length + sealedSize(sealed) + 2;
  if (bytes > MAX_BYTES)
    throw new GantryError("invalid-input", {
      reason: "all variables and secrets together are larger than 1 MiB",
    });
}
