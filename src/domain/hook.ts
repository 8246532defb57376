// Commands of the owner that run at turning points of an app's life, and whether one of them is due.
import { readCommand } from "./command-line.ts";
import { GantryError } from "./errors.ts";
import type { Execution } from "./execution.ts";

/** In the order in which a deployment and a life meet them. */
export const HOOKS = [
  "pre_deploy",
  "pre_start",
  "post_start",
  "post_deploy",
  "pre_stop",
  "post_stop",
] as const;
export type HookName = (typeof HOOKS)[number];

export interface Hook {
  /** A command line, split into words as a shell does; none runs unless `shell` is true, here or for the whole app. */
  run: string;
  timeoutMs: number;
  shell: boolean;
}

/** Only those that there are. */
export type Hooks = { [Name in HookName]?: Hook };

export const HOOK_TIMEOUT_MS = 60_000;

/**
 * `none`: there is no such hook, or not for this occasion. `due`: it has not run yet. `running`: it does now. `outdated`: it still
 * runs, but for an earlier occasion. `ending`: it is being ended. `done` and `failed`: it ran. `refused`: it failed, and what it
 * stood before was called off; it is only told.
 */
export type HookState = "none" | "due" | "running" | "outdated" | "ending" | "done" | "failed" | "refused";

export interface HookFacts {
  state: HookState;
  /** One sentence, where it failed. */
  reason: string | null;
}

export type AppHooks = Readonly<Record<HookName, HookFacts>>;

const NONE: HookFacts = { state: "none", reason: null };

/** Of an app without hooks. */
export const NO_HOOKS: AppHooks = {
  pre_deploy: NONE,
  pre_start: NONE,
  post_start: NONE,
  post_deploy: NONE,
  pre_stop: NONE,
  post_stop: NONE,
};

/** What the hooks of an app hang on. */
export interface Occasion {
  /** The release that should run. */
  releaseId: string;
  generation: number;
  round: number;
  /** The round in which what runs of it was started: an older one where a deploy beside it has failed. */
  startRound: number;
  wanted: boolean;
  /** An instance of this release and generation was started before. */
  startedBefore: boolean;
  /** An instance of this generation was started before, of whatever release. */
  ranBefore: boolean;
  targetIsGood: boolean;
  /** The release has served before: a rollback has chosen it. */
  wasGood: boolean;
}

/** How each hook stands. `last` tells of the newest run of each. */
export function hookFacts(hooks: Hooks, occasion: Occasion, last: ReadonlyMap<string, Execution>): AppHooks {
  if (last.size === 0 && Object.keys(hooks).length === 0) return NO_HOOKS;
  const facts = { ...NO_HOOKS };
  for (const name of HOOKS) facts[name] = oneHook(name, hooks[name] !== undefined, occasion, last.get(name));
  return facts;
}

function oneHook(name: HookName, exists: boolean, occasion: Occasion, run: Execution | undefined): HookFacts {
  const rule = RULES[name];
  const isHere = run !== undefined && rule.belongs(run, occasion);
  if (run?.state === "running")
    return { ...NONE, state: run.endingAs !== null ? "ending" : isHere ? "running" : "outdated" };
  if (run?.spent && rule.refused(run, occasion)) return { ...failed(name, run), state: "refused" };
  if (isHere && run.spent) return { ...NONE, state: "due" };
  if (isHere && run.state === "done") return { ...NONE, state: "done" };
  if (!exists || !rule.applies(occasion)) return NONE;
  if (!isHere || (run.state === "lost" && rule.again)) return { ...NONE, state: "due" };
  return run.state === "skipped" ? { ...NONE, state: "done" } : failed(name, run);
}

const failed = (name: HookName, run: Execution): HookFacts => ({
  state: "failed",
  reason: `${name} ${run.reason ?? "failed"}`,
});

interface Rule {
  /** Is the run one for this occasion? */
  belongs(run: Execution, occasion: Occasion): boolean;
  applies(occasion: Occasion): boolean;
  /** The run was one for what was called off: a restart or a stop of what goes on now. */
  refused(run: Execution, occasion: Occasion): boolean;
  /** A run that vanished, with the machine for example, is repeated: others wait for its success. */
  again: boolean;
}

const sameStart = (run: Execution, { releaseId, generation, round }: Occasion): boolean =>
  run.releaseId === releaseId && run.generation === generation && run.round === round;
const sameGeneration = (run: Execution, { generation }: Occasion): boolean => run.generation === generation;

const never = (): boolean => false;
/** Told until something newer happens. */
const refusedRestart = (run: Execution, { releaseId, generation, round, wanted }: Occasion): boolean =>
  wanted && run.releaseId === releaseId && run.generation > generation && run.round === round;

const RULES: Record<HookName, Rule> = {
  pre_deploy: {
    // Once for each release; what failed is tried again with the next start.
    belongs: (run, occasion) =>
      (run.state === "done" && run.releaseId === occasion.releaseId) || sameStart(run, occasion),
    applies: ({ wanted, startedBefore, targetIsGood, wasGood }) =>
      wanted && !startedBefore && !targetIsGood && !wasGood,
    refused: refusedRestart,
    again: true,
  },
  pre_start: {
    belongs: sameStart,
    applies: ({ wanted, startedBefore }) => wanted && !startedBefore,
    refused: refusedRestart,
    again: true,
  },
  post_start: {
    belongs: (run, { releaseId, generation, startRound }) =>
      run.releaseId === releaseId && run.generation === generation && run.round >= startRound,
    applies: ({ wanted }) => wanted,
    refused: never,
    again: false,
  },
  post_deploy: {
    belongs: (run, { releaseId }) => run.releaseId === releaseId,
    applies: ({ wanted, targetIsGood }) => wanted && targetIsGood,
    refused: never,
    again: false,
  },
  pre_stop: {
    belongs: sameGeneration,
    applies: ({ wanted }) => !wanted,
    refused: (run, occasion) => occasion.wanted && sameStart(run, occasion),
    again: true,
  },
  post_stop: {
    belongs: sameGeneration,
    applies: ({ wanted, ranBefore }) => !wanted && ranBefore,
    refused: never,
    again: false,
  },
};

/** The hook without whose success nothing is started, where it has failed. */
export const failedStart = (hooks: AppHooks): HookName | undefined =>
  (["pre_deploy", "pre_start"] as const).find((name) => hooks[name].state === "failed");

/** The hook of these that runs, or is being ended. */
export const runningHook = (hooks: AppHooks, names: readonly HookName[]): HookName | undefined =>
  names.find((name) => isUnderWay(hooks[name]));

/** Does a run of the hook still go on, in whatever way? */
export const isUnderWay = ({ state }: HookFacts): boolean =>
  state === "running" || state === "outdated" || state === "ending";

/** The words to run, and variables that stand in front of them. Throws `start-failed` for what was checked when it was set. */
export function hookCommand({ run, shell }: Hook): { argv: string[]; env: Record<string, string> } {
  if (shell) return { argv: ["/bin/sh", "-c", run], env: {} };
  const { words, env } = readCommand(run);
  if (words === null) throw new GantryError("start-failed", { reason: "only a shell can read its command" });
  return { argv: words, env };
}
