// What a process is started with that waits for the next deploy of an app, and where that is worth it.
import { join } from "node:path";
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { LaunchOrder } from "../domain/engine.ts";
import { codeOf, type Release } from "../domain/release.ts";
import { appliedValues } from "../domain/values.ts";
import { baseEnv } from "./instance-env.ts";

/** Code that lies in the owner's folder is seldom deployed anew in the same environment. */
export const isWorthIt = (app: App, release: Release): boolean =>
  app.wanted &&
  app.enabled &&
  app.deletedAt === null &&
  !app.system &&
  app.config.warm !== false &&
  codeOf(release).type === "tree" &&
  release.launch.staticRoot === null;

/** The same key: what was made ready for one will do for the other. */
export function keyOf(app: App, { launch }: Release): string {
  const { argv, env, framework, resources, toolchain } = launch;
  return JSON.stringify([app.name, app.engine, toolchain, framework, argv.slice(0, 3), env, resources]);
}

/** Nothing of what the owner set is in it: that comes when it becomes an instance. Null where the toolchain knows no way. */
export async function standbyOrder(
  { settings, toolchains, logs }: Context,
  app: App,
  release: Release,
  id: string,
): Promise<LaunchOrder | null> {
  const { launch } = release;
  const values = appliedValues(app, release);
  const toolchain = toolchains.find(({ name }) => name === launch.toolchain);
  const prepared = await toolchain?.prepare?.({
    launch,
    variables: [...Object.keys(values.env), ...Object.keys(values.secrets)],
    envsDir: join(settings.home, "envs"),
    toolsDir: join(settings.home, "tools"),
  });
  if (prepared == null) return null;
  return {
    instanceId: id,
    argv: prepared.argv,
    cwd: "/",
    env: { ...baseEnv(), ...launch.env, ...prepared.env, GANTRY_APP: app.name },
    logFile: logs.fileOf(app.name, id),
    resources: launch.resources,
  };
}
