// From what was built and what the owner wants to the frozen launch of a release.
import { createHash } from "node:crypto";
import type { App } from "../domain/app.ts";
import { GantryError } from "../domain/errors.ts";
import { type Check, DEFAULT_HEALTH, type Health } from "../domain/health.ts";
import type { PublishedPorts } from "../domain/import-compose.ts";
import type { Launch } from "../domain/release.ts";
import { sealedMark } from "../domain/sealed.ts";
import type { Build, Detection } from "../domain/toolchain.ts";

export function composeLaunch(app: App, dir: string, detection: Detection, build: Build): Launch {
  const { config } = app;
  checkHooks(config, build);
  const port = typeof config.port === "number" ? config.port : null;
  const listens = config.port === "none" ? "none" : listensOf(app, detection);
  return {
    toolchain: detection.toolchain,
    framework: detection.framework,
    argv: build.argv,
    cwd: dir,
    env: build.env,
    listens,
    port,
    host: config.host,
    staticRoot: build.staticRoot,
    health: composeHealth(app, detection, listens),
    restart: {
      ...config.restart,
      policy: config.restart.policy ?? (listens === "required" ? "always" : "on-failure"),
    },
    stop: config.stop,
    resources: config.resources,
    strategy: config.strategy === "auto" ? (port === null ? "start-first" : "stop-first") : config.strategy,
  };
}

/** A hook that would never run is a mistake. */
function checkHooks({ hooks = {} }: App["config"], { staticRoot }: Build): void {
  const never = Object.keys(hooks).find((name) => name !== "post_deploy");
  if (staticRoot === null || never === undefined) return;
  const reason = `${never} would never run: a static site has no process`;
  const hint = "Of all hooks it can have post_deploy.";
  throw new GantryError("invalid-setting", { setting: "hooks", field: "hooks", reason, hint });
}

/** An owner who names a port or a way to ask means that the app listens. */
function listensOf({ config }: App, detection: Detection): Launch["listens"] {
  const check = config.health?.check?.type;
  return typeof config.port === "number" || config.port === "auto" || check === "http" || check === "tcp"
    ? "required"
    : detection.listens;
}

function composeHealth({ config }: App, detection: Detection, listens: Launch["listens"]): Health {
  const byDefault: Check = detection.check ?? (listens === "none" ? { type: "none" } : { type: "tcp" });
  const rule = config.health ?? { ...DEFAULT_HEALTH, check: null };
  return { ...rule, check: rule.check ?? byDefault };
}

/** The same hash means: nothing has changed that a running instance, or the ledger of ports, could notice, nor a hook. */
export function hashLaunch(
  launch: Launch,
  { config, secrets = {} }: Pick<App, "config" | "secrets">,
  compose: PublishedPorts[],
): string {
  const hooks = config.hooks === undefined ? [] : [config.hooks];
  const sealed = Object.entries(secrets).map(([name, text]) => [name, sealedMark(text)]);
  return createHash("sha256")
    .update(
      JSON.stringify([launch, config.env, config.envFile, config.dependsOn, ...hooks, ...compose, ...sealed]),
    )
    .digest("hex");
}
