// One step of a build: a program whose output goes to the build's log and, line by line, to whoever watches.
import { GantryError } from "../domain/errors.ts";
import type { BuildOrder } from "../domain/toolchain.ts";
import { type CommandResult, runCommand } from "../lib/run-command.ts";
import { findProgram } from "./find-program.ts";

export interface Step {
  stage: string;
  command: string;
  args: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Do not show its output as progress. */
  quiet?: boolean;
}

/** Builds that take longer than this hang, in milliseconds. */
const TIMEOUT_MS = 30 * 60_000;

/** Lines that tell a person nothing. */
const NOISE = /^\s*$|^npm (?:warn|notice)|^\[notice\]|^Using (?:C?Python)|^ [+~-] \S+==/;

export type StepOrder = Pick<BuildOrder, "logFile" | "onProgress">;

/** Runs the step; a program that is missing is a `build-failed`, an exit code other than 0 is the caller's to explain. */
export async function runStep(step: Step, order: StepOrder, signal?: AbortSignal): Promise<CommandResult> {
  const program = await findProgram(step.command, step.env.PATH ?? "", step.cwd);
  if (program === null) throw buildFailed(`the program ${step.command} was not found`);
  const result = await runCommand(program, step.args, {
    // Else an installer would go on after the daemon's death, beside that of its successor.
    lifeline: true,
    cwd: step.cwd,
    env: step.env,
    signal,
    timeoutMs: TIMEOUT_MS,
    outputFile: order.logFile,
    onLine: (line) => {
      if (!step.quiet && !NOISE.test(line))
        order.onProgress({ stage: step.stage, message: line.trim(), printed: true });
    },
  });
  if (result.timedOut) throw buildFailed(`${step.command} did not end within 30 minutes`, result.lines);
  return result;
}

/** `reason` is one sentence; `lines` is what was printed last. */
export function buildFailed(reason: string, lines: readonly string[] = [], hint?: string): GantryError {
  const details = { reason, ...(lines.length > 0 && { lines: lines.slice(-40).join("\n") }) };
  return new GantryError("build-failed", hint === undefined ? details : { ...details, hint });
}
