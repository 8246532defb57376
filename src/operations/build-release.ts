// Makes a release: detect, build, freeze, record, set as target.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { type App, linkedFolder } from "../domain/app.ts";
import type { Deployment } from "../domain/deployment.ts";
import { GantryError } from "../domain/errors.ts";
import type { EventType, NewEvent } from "../domain/event.ts";
import type { PublishedPorts } from "../domain/import-compose.ts";
import type { Release } from "../domain/release.ts";
import type { Batch } from "../domain/store.ts";
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
    const dir = checkFolder(codeFolder(context, app));
    const detection = await detectIn(context, dir, hintsOf(app), signal);
    const build = await runBuild(context, app, dir, detection, signal);
    await succeed(context, app, deployment, { dir, detection, build }, signal);
  } catch (error) {
    signal.throwIfAborted();
    await fail(context, app, deployment, error);
  }
}

/** The owner's folder, or the present release's working copy. */
export function codeFolder({ store }: Context, app: App): string {
  const release = app.targetReleaseId === null ? undefined : store.releases.get(app.targetReleaseId);
  const folder = linkedFolder(app) ?? release?.launch.cwd;
  if (folder === undefined) throw new GantryError("code-missing", { what: `code of ${app.name}` });
  return folder;
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

interface Built {
  dir: string;
  detection: Detection;
  build: Build;
}

async function succeed(
  context: Context,
  before: App,
  deployment: Deployment,
  built: Built,
  signal: AbortSignal,
): Promise<void> {
  await context.store.write(() => {
    // Whoever cancelled the build must not see its result afterwards.
    signal.throwIfAborted();
    const app = context.store.apps.get(before.id);
    return app === undefined || app.deletedAt !== null
      ? {}
      : outcome(context, app, before, deployment, built);
  });
  context.reconciler.wake(before.id);
}

/** `before` is the app as it was when the build began: the release is made from its configuration. */
function outcome(context: Context, app: App, before: App, deployment: Deployment, built: Built): Batch {
  const { dir, detection, build } = built;
  const launch = composeLaunch(before, dir, detection, build);
  const compose = readComposeFile(dir)?.services ?? [];
  const known = reusable(context, app, hashLaunch(launch, before, compose));
  const release = known ?? nextRelease(context, before, deployment, launch, detection, compose);
  const now = context.clock.now();
  const started = deployment.start ? { wanted: true, lastStartedAt: now } : {};
  const changed: App = {
    ...app,
    ...started,
    targetReleaseId: release.id,
    updatedAt: Math.max(now, app.updatedAt + 1),
    ...freshHistory(app, release, now),
  };
  const tell = (type: EventType, message: string): NewEvent => ({
    type,
    appId: app.id,
    actor: deployment.actor,
    message,
  });
  return {
    put: {
      releases: [release],
      apps: [changed],
      deployments: [{ ...deployment, state: "done", releaseId: release.id, endedAt: now }],
    },
    events: [
      tell("build.finished", `release ${release.number} is built`),
      ...(known === undefined ? [tell("release.created", `${app.name} has release ${release.number}`)] : []),
      ...(deployment.start && !app.wanted ? [tell("app.started", `${app.name} is to run`)] : []),
    ],
  };
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
