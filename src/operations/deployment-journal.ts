// What is told of a deployment while it is carried out: its stages in the row, every line in its log.
import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { Deployment, StageName } from "../domain/deployment.ts";
import { enterStage, type Moment, stageEvent } from "../domain/deployment-progress.ts";
import { deploymentLog } from "./app-folder.ts";

/** Somebody else has ended the deployment: there is nothing to tell any more. */
export class Overtaken extends Error {}

export interface Journal {
  /** Of all that is printed; appended to. */
  readonly file: string;
  /** The row as it is now. Throws `Overtaken`. */
  deployment(): Deployment;
  /** Enters the stage and does the work. Throws `Overtaken`. */
  stage<Result>(name: StageName, work: () => Result | Promise<Result>): Promise<Result>;
  /** One line for those who watch; with `log` it goes into the log, too (what a program prints itself is there already). */
  tell(line: string, options: { stage: string; log: boolean }): void;
  /** How long the present stage has been running. */
  moment(): Moment;
}

export function openJournal(context: Context, app: App, id: string): Journal {
  const { store, clock, progress } = context;
  const file = deploymentLog(context, app, id);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  let since = clock.monotonic();
  const moment = (): Moment => ({ at: clock.now(), elapsedMs: clock.monotonic() - since });
  const deployment = (): Deployment => {
    const now = store.deployments.get(id);
    if (now?.state !== "building") throw new Overtaken(`deployment ${id} is over`);
    return now;
  };
  const tell: Journal["tell"] = (line, { stage, log }) => {
    progress.announce({ appId: app.id, stage, message: line });
    if (log) append(file, line);
  };
  return {
    file,
    deployment,
    moment,
    tell,
    async stage(name, work) {
      const before = deployment();
      const after = enterStage(before, name, moment());
      since = clock.monotonic();
      void store.record({ put: { deployments: [after] }, events: [stageEvent(before, after)] });
      progress.announce({ appId: app.id, stage: name, message: LINES[name] });
      append(file, `${HEAD}${LINES[name]}`);
      return await work();
    },
  };
}

/** What a line of the log begins with where a stage does. */
const HEAD = "== ";

const LINES: Record<StageName, string> = {
  fetch: "fetching the code",
  validate: "checking the code",
  build: "building",
  start: "starting",
  health: "waiting for its health",
  switch: "switching to it",
  drain: "letting the old instances end",
};

/** A log that can't be written must not end the deployment; what needs the disk will say so itself. */
function append(file: string, line: string): void {
  try {
    appendFileSync(file, `${line}\n`, { mode: 0o600 });
  } catch {}
}
