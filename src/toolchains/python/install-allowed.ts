// Installs only what the administrator's list has: requirements are looked at first, then all that they lead to.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type AllowList, refused } from "../allow-list.ts";
import { buildFailed, runStep, type StepOrder } from "../build-step.ts";
import { explainFailure } from "./failure.ts";
import type { InstallPlan } from "./install-plan.ts";
import { refusedRequirements } from "./refuse-requirements.ts";
import { type Ask, resolveAllowed } from "./resolve-allowed.ts";

export interface AllowedOrder extends StepOrder {
  plan: InstallPlan;
  servers: string[];
  allowed: AllowList | null;
  sourceBuilds: boolean;
}

/** Throws `requirement-refused` for the first requirement that may not be installed. `exported` is what a lock file holds. */
export async function refuseEarly(order: AllowedOrder, exported: string | null): Promise<void> {
  if (order.allowed === null) return;
  const [first] = await refusedRequirements(order.allowed, order.plan, exported?.split("\n"));
  if (first === undefined) return;
  const place = first.line === null ? first.file : `${first.file}:${first.line}`;
  throw refused(first.requirement, place, first.reason);
}

/** Asks uv or pip, in the environment that is being made and from a folder that says nothing of indexes. */
export function askWith(
  order: AllowedOrder,
  how: { command: string; head: string[]; env: NodeJS.ProcessEnv; dir: string },
  signal?: AbortSignal,
): Ask {
  return async (args) => {
    const { command, head, env, dir } = how;
    const step = { stage: "dependencies", command, args: [...head, ...args], cwd: dir, env, quiet: true };
    const result = await runStep(step, order, signal);
    if (result.code === 0) return { stdout: result.stdout };
    const { reason, hint } = await explainFailure(result.lines, order.plan);
    return { error: buildFailed(reason, result.lines, hint), lines: result.lines };
  };
}

/** What `install` would install is found out and looked at; then exactly that is installed. */
export const allowedOnly =
  (
    dir: string,
    order: AllowedOrder,
    ask: Ask,
    uv: boolean,
    install: (args: string[]) => Promise<void>,
  ): ((args: string[]) => Promise<void>) =>
  async (args) => {
    const { plan, allowed, servers, sourceBuilds } = order;
    if (allowed === null) return await install(args);
    const named = args.filter((word) => servers.includes(word));
    const own = join(dir, "servers.gantry.txt");
    await writeFile(own, `${named.join("\n")}\n`);
    const isComplete = args.includes("--no-deps");
    const rest = args.filter((word) => word !== "--no-deps" && !named.includes(word));
    const found = await resolveAllowed({
      dir,
      list: allowed,
      args: [...rest, ...(named.length > 0 ? ["-r", own] : [])],
      isComplete,
      servers,
      sourceBuilds,
      uv,
      ask,
    });
    const pins = join(dir, "allowed.gantry.txt");
    await writeFile(pins, found.map(({ name, version }) => `${name}==${version}\n`).join(""));
    // Where the project gives hashes they are looked at; pip then wants them for all, and has seen that all have them.
    const hashed = plan.locked && plan.files.length > 0 && rest.length > 0;
    const pinned = hashed && !uv ? [] : ["-r", pins];
    await install(["--no-deps", ...(hashed ? rest : []), ...pinned]);
  };
