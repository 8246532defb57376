// The whole environment of an instance.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { parseEnvFile } from "../domain/env-file.ts";
import type { Instance } from "../domain/instance.ts";
import type { Launch } from "../domain/release.ts";
import { secretPlace } from "../domain/sealed.ts";
import { appliedValues } from "../domain/values.ts";
import { forwardPort, isHttp } from "./forwards.ts";

/** Variables of the daemon's own environment that apps get too: what a program needs to feel at home, nothing of Gantry's. */
const PASSED_ON =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TZ|TMPDIR|XDG_\w+|JAVA_HOME|GOPATH|GOROOT|PYENV_ROOT|NVM_DIR|RUSTUP_HOME|CARGO_HOME|DOCKER_HOST|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|(HTTPS?|ALL|NO)_PROXY|(https?|all|no)_proxy)$/;

/**
 * Later ones win: base, toolchain, addresses of dependencies, env file, the owner's env, secrets, what Gantry sets. Only what the
 * toolchain says is filled with port and host: the owner's values arrive as they are. Throws `key-unavailable`.
 */
export function instanceEnv(
  context: Context,
  app: App,
  instance: Pick<Instance, "host" | "port" | "releaseId">,
  launch: Launch,
): Record<string, string> {
  const env = baseEnv();
  for (const [key, value] of Object.entries(launch.env)) env[key] = fillPort(value, instance);
  const values = appliedValues(app, context.store.releases.get(instance.releaseId));
  Object.assign(env, dependencyEnv(context, app), envFromFile(app, launch.cwd), values.env);
  Object.assign(env, openSecrets(context, app.id, values.secrets));
  env.GANTRY_APP = app.name;
  if (!app.system) env.GANTRY_DATA = dataFolder(context, app);
  if (instance.port !== null) env.PORT = String(instance.port);
  env.HOST = instance.host;
  return env;
}

/** What every program gets that is started for an app. */
export function baseEnv(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [key, value] of Object.entries(process.env))
    if (value !== undefined && PASSED_ON.test(key)) env[key] = key === "PATH" ? withoutNpm(value) : value;
  return env;
}

/** What an app may keep there outlives its releases. */
export const dataFolder = ({ settings }: Context, app: App): string =>
  join(settings.home, "apps", app.name, "data");

function openSecrets(
  { sealer }: Context,
  appId: string,
  secrets: Record<string, string>,
): Record<string, string> {
  const open: Record<string, string> = {};
  for (const [name, sealed] of Object.entries(secrets))
    open[name] = sealer.open(sealed, secretPlace(appId, name));
  return open;
}

/** `npm run` puts folders of its own project in front; apps are not to find Gantry's packages there. */
const withoutNpm = (path: string): string =>
  path
    .split(":")
    .filter((folder) => !/\/node_modules\/(\.bin|@npmcli\/run-script\/.*|npm\/.*node-gyp-bin)$/.test(folder))
    .join(":");

/** `$PORT`, `${PORT}`, `$HOST`, `${HOST}` become this instance's own. */
export const fillPort = (text: string, { host, port }: Pick<Instance, "host" | "port">): string =>
  text.replace(/\$(?:\{(PORT|HOST)\}|(PORT|HOST)\b)/g, (whole, a?: string, b?: string) =>
    (a ?? b) === "HOST" ? host : port === null ? whole : String(port),
  );

function envFromFile(app: App, cwd: string): Record<string, string> {
  if (app.config.envFile === null) return {};
  const file = resolve(cwd, app.config.envFile);
  return parseEnvFile(readFileSync(file, "utf8"), file);
}

/** `<NAME>_URL`, `<NAME>_HOST`, `<NAME>_PORT` of each dependency: an address that stays the same over its restarts. */
function dependencyEnv(context: Context, app: App): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of app.config.dependsOn) {
    const other = context.store.apps.byName(name);
    const port = other === undefined ? null : forwardPort(context, other);
    if (other === undefined || port === null) continue;
    const prefix = name.toUpperCase().replaceAll("-", "_");
    env[`${prefix}_HOST`] = "127.0.0.1";
    env[`${prefix}_PORT`] = String(port);
    env[`${prefix}_URL`] = `${isHttp(context, other) ? "http" : "tcp"}://127.0.0.1:${port}`;
  }
  return env;
}
