// Makes a release: detect, build, freeze, record, set as target.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { Deployment } from "../domain/deployment.ts";
import { GantryError } from "../domain/errors.ts";
import type { PublishedPorts } from "../domain/import-compose.ts";
import type { Release } from "../domain/release.ts";
import type { Build, Detection, Hints } from "../domain/toolchain.ts";
import { newId } from "../lib/id.ts";
import { folderOfApp } from "./app-folder.ts";
import { composeLaunch, hashLaunch } from "./compose-launch.ts";
import { checkFolder, detectIn } from "./detect-app.ts";
import { readComposeFile } from "./read-compose-file.ts";

/** Carries the deployment to its end; its row and events tell how it went. Rejects only when `signal` aborts. */
export async function buildRelease(
  context: Context,
  deployment: Deployment,
  signal: AbortSignal,
): Promise<void> {
  const app = context.store.apps.get(deployment.appId);
  if (app === undefined) return;
  try {
    const dir = checkFolder(app.source.path);
    const detection = await detectIn(context, dir, hintsOf(app), signal);
    const build = await runBuild(context, app, dir, detection, signal);
    await succeed(context, app, deployment, dir, detection, build);
  } catch (error) {
    signal.throwIfAborted();
    await fail(context, app, deployment, error);
  }
}

export const hintsOf = ({ config }: App): Hints => ({ run: config.run, entry: config.entry });

async function runBuild(
  context: Context,
  app: App,
  dir: string,
  detection: Detection,
  signal: AbortSignal,
): Promise<Build> {
  const toolchain = context.toolchains.find((one) => one.name === detection.toolchain);
  if (toolchain === undefined)
    throw new GantryError("build-failed", { reason: `there is no toolchain ${detection.toolchain}` });
  const { home } = context.settings;
  const logs = join(folderOfApp(context, app), "builds");
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  return await toolchain.build(
    {
      dir,
      detection,
      hints: hintsOf(app),
      shell: app.config.shell,
      args: app.config.args,
      envsDir: join(home, "envs"),
      toolsDir: join(home, "tools"),
      logFile: join(logs, "latest.log"),
      onProgress: ({ stage, message }) => context.progress.announce({ appId: app.id, stage, message }),
    },
    signal,
  );
}

async function succeed(
  context: Context,
  before: App,
  deployment: Deployment,
  dir: string,
  detection: Detection,
  build: Build,
): Promise<void> {
  const { store, clock } = context;
  const app = store.apps.get(before.id);
  if (app === undefined || app.deletedAt !== null) return;
  const launch = composeLaunch(before, dir, detection, build);
  const compose = readComposeFile(dir)?.services ?? [];
  const release =
    reusable(context, app, hashLaunch(launch, before, compose)) ??
    nextRelease(context, before, deployment, launch, detection, compose);
  const now = clock.now();
  const started = deployment.start ? { wanted: true, lastStartedAt: now } : {};
  await store.write({
    put: {
      releases: [release],
      apps: [
        {
          ...app,
          ...started,
          targetReleaseId: release.id,
          updatedAt: now,
          ...freshHistory(app, release, now),
        },
      ],
      deployments: [{ ...deployment, state: "done", releaseId: release.id, endedAt: now }],
    },
    events: [
      {
        type: "build.finished",
        appId: app.id,
        actor: deployment.actor,
        message: `release ${release.number} is built`,
      },
    ],
  });
  context.reconciler.wake(app.id);
}

/** An unchanged app keeps its release, so that nothing is restarted for nothing. */
function reusable({ store }: Context, app: App, contentHash: string): Release | undefined {
  const target = app.targetReleaseId === null ? undefined : store.releases.get(app.targetReleaseId);
  return target?.contentHash === contentHash ? target : undefined;
}

function nextRelease(
  context: Context,
  app: App,
  deployment: Deployment,
  launch: Release["launch"],
  detection: Detection,
  compose: PublishedPorts[],
): Release {
  const { store, clock } = context;
  const number = Math.max(0, ...store.releases.ofApp(app.id).map((release) => release.number)) + 1;
  return {
    id: newId("r", clock.now()),
    appId: app.id,
    number,
    launch,
    config: app.config,
    run: app.config.run ?? detection.run,
    entry: app.config.entry ?? detection.entry,
    compose,
    contentHash: hashLaunch(launch, app, compose),
    createdAt: clock.now(),
    buildMs: clock.now() - deployment.startedAt,
  };
}

/** An app that had given up, or did not run, gets all its tries again. */
function freshHistory(app: App, release: Release, now: number): Partial<App> {
  if (app.wanted && app.targetReleaseId !== release.id) return { ignoresPort: false };
  return app.wanted ? {} : { generation: app.generation + 1, generationAt: now };
}

async function fail(context: Context, app: App, deployment: Deployment, error: unknown): Promise<void> {
  const known = error instanceof GantryError;
  if (!known)
    context.log.error("a build failed unexpectedly", {
      app: app.name,
      error: String((error as Error).stack ?? error),
    });
  const reason = known ? error.message : `unexpected: ${(error as Error).message}`;
  const lines = known && typeof error.details.lines === "string" ? error.details.lines.split("\n") : [];
  await context.store.write({
    put: {
      deployments: [
        { ...deployment, state: "failed", reason, lastLines: lines.slice(-30), endedAt: context.clock.now() },
      ],
    },
    events: [{ type: "build.failed", appId: app.id, actor: deployment.actor, message: reason }],
  });
  context.reconciler.wake(app.id);
}
