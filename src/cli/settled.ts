// When an app needs no more waiting.
import type { AppView } from "../domain/app-view.ts";
import type { AppState } from "../domain/state.ts";

/** On the way to somewhere else. */
const MOVING = new Set<AppState>(["uploaded", "installing", "installed", "starting", "stopping"]);

/** Did a start come to its end? A crash loop counts as one: it may go on for ever. */
export const isSettled = (state: AppState): boolean => !MOVING.has(state);

/** Is a deploy of it under way, so that what runs now may give way? */
export const isDeploying = ({ deployment }: Partial<Pick<AppView, "deployment">>): boolean =>
  deployment?.state === "building" || deployment?.state === "starting";

/** It may run all the same: what served before goes on. */
export const deployFailed = ({ deployment }: Pick<AppView, "deployment">): boolean =>
  deployment?.state === "failed";

type Ended = Pick<AppView, "state" | "restarts"> & Partial<Pick<AppView, "instances">>;

/** Did it end well? A script that did its work did, too. */
export const isGood = (app: Ended): boolean =>
  app.state === "running" || app.state === "disabled" || app.state === "sleeping" || didItsWork(app);

/** It ran to its end by itself, with success. */
export const didItsWork = ({ state, instances = [] }: Ended): boolean =>
  state === "stopped" && lastRun(instances)?.exit?.code === 0;

type Run = AppView["instances"][number];

/** The newest instance. */
const lastRun = (instances: Run[]): Run | undefined =>
  instances.reduce<Run | undefined>(
    (newest, each) =>
      newest === undefined || (each.startedAt ?? "") > (newest.startedAt ?? "") ? each : newest,
    undefined,
  );
