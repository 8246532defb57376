// What was built becomes a release, and the release the target.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { Deployment } from "../domain/deployment.ts";
import type { Release } from "../domain/release.ts";
import type { Build } from "../domain/toolchain.ts";
import { appliedValues, changedValues, wantedValues } from "../domain/values.ts";
import { newId } from "../lib/id.ts";
import { aimAtRelease, event } from "./aim-at-release.ts";
import { backUpData } from "./back-up-data.ts";
import type { Checked } from "./build-code.ts";
import { composeLaunch, hashLaunch } from "./compose-launch.ts";
import { type Journal, Overtaken } from "./deployment-journal.ts";
import type { Fetched } from "./fetch-code.ts";
import { readComposeFile } from "./read-compose-file.ts";

export interface Built extends Fetched, Checked {
  build: Build;
}

/** `before` is the app as it was when the build began: the release is made from its configuration. */
export async function recordRelease(
  context: Context,
  before: App,
  built: Built,
  journal: Journal,
  signal: AbortSignal,
): Promise<void> {
  const make = (deployment: Deployment): Release => makeRelease(context, before, deployment, built);
  const next = make(journal.deployment());
  const app = context.store.apps.get(before.id);
  if (app != null && app.goodReleaseId !== null && reusable(context, app, next) === undefined)
    await backUpData(context, app, next.number, signal);
  await recordAs(context, before, journal, signal, make);
}

async function recordAs(
  context: Context,
  before: App,
  journal: Journal,
  signal: AbortSignal,
  make: (deployment: Deployment) => Release,
): Promise<void> {
  await context.store.write(() => {
    // Whoever ended the deployment must not see its result afterwards.
    signal.throwIfAborted();
    const deployment = journal.deployment();
    const app = context.store.apps.get(before.id);
    if (app === undefined || app.deletedAt !== null) throw new Overtaken("the app is gone");
    const release = make(deployment);
    const known = reusable(context, app, release);
    const chosen = known ?? release;
    const { config } = deployment;
    const brought = config === undefined ? undefined : { config };
    const batch = aimAtRelease(context, app, deployment, chosen, journal.moment(), brought);
    return {
      ...batch,
      events: [
        event("build.finished", deployment, `release ${chosen.number} is built`),
        ...(known === undefined
          ? [event("release.created", deployment, `${app.name} has release ${chosen.number}`)]
          : []),
        ...(batch.events ?? []),
      ],
    };
  });
  context.reconciler.wake(before.id);
}

/** An unchanged app keeps its release, so that nothing is restarted for nothing. */
function reusable({ store }: Context, app: App, release: Release): Release | undefined {
  const target = app.targetReleaseId === null ? undefined : store.releases.get(app.targetReleaseId);
  const isSame =
    target?.contentHash === release.contentHash &&
    changedValues(appliedValues(app, target), wantedValues(release)).length === 0;
  return isSame ? target : undefined;
}

/** The release that the target becomes with other variables and secrets: the same launch, nothing is built. */
export async function recordValues(
  context: Context,
  before: App,
  target: Release,
  journal: Journal,
  signal: AbortSignal,
): Promise<void> {
  const { goodAt: _, pinned: __, ...kept } = target;
  await recordAs(context, before, journal, signal, (deployment) => ({
    ...kept,
    ...firstFields(context, before, deployment),
    contentHash: hashLaunch(target.launch, before, target.compose ?? []),
    sourceText: target.sourceText ?? null,
  }));
}

function makeRelease(context: Context, app: App, deployment: Deployment, built: Built): Release {
  const { dir, code, detection, build } = built;
  const launch = composeLaunch(app, dir, detection, build);
  const compose = readComposeFile(dir)?.services ?? [];
  return {
    ...firstFields(context, app, deployment),
    launch,
    run: app.config.run ?? detection.run,
    entry: app.config.entry ?? detection.entry,
    compose,
    contentHash: hashLaunch(launch, app, compose),
    code,
    sourceText: deployment.sourceText ?? sourceOf(app, built),
  };
}

/** What does not depend on the code. */
function firstFields({ store, clock }: Context, app: App, deployment: Deployment) {
  return {
    id: newId("r", clock.now()),
    appId: app.id,
    number: Math.max(0, ...store.releases.ofApp(app.id).map((release) => release.number)) + 1,
    config: app.config,
    createdAt: clock.now(),
    buildMs: clock.now() - deployment.startedAt,
    author: deployment.actor,
    message: deployment.message ?? null,
    deploymentId: deployment.id,
    secrets: app.secrets ?? {},
  };
}

/** Where nothing else is known: the linked folder, or where the code of the release before came from. */
const sourceOf = ({ source }: App, { code, dir }: Built): string | null =>
  code.type === "live" ? dir : source.type === "archive" ? source.filename : null;
