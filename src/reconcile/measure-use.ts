// Looks now and then at what a finite run uses of the machine, closely at first: most of them are short.
import type { Context } from "../context.ts";
import type { ResourceUse } from "../domain/engine.ts";
import type { Execution } from "../domain/execution.ts";

const FIRST_MS = 25;
const LONGEST_MS = 2_000;

/** Calls back after each look; returns the undo. */
export function measureUse(
  { clock, engines }: Context,
  { id, engine, handle }: Pick<Execution, "id" | "engine" | "handle">,
  tell: (use: ResourceUse) => void,
): () => void {
  let cancel = (): void => {};
  let isOver = false;
  const look = async (delay: number): Promise<void> => {
    const use = handle === null ? null : await engines[engine]?.stats(id, handle).catch(() => null);
    if (isOver) return;
    if (use != null) tell(use);
    plan(Math.min(LONGEST_MS, delay * 2));
  };
  const plan = (delay: number): void => {
    cancel = clock.after(delay, () => void look(delay));
  };
  plan(FIRST_MS);
  return () => {
    isOver = true;
    cancel();
  };
}
