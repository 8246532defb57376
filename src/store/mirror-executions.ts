// The executions in memory: those that run, and the newest of each hook, because the planner asks for it.
import type { Execution } from "../domain/execution.ts";

const NOTHING: readonly never[] = [];
const NO_HOOKS: ReadonlyMap<string, Execution> = new Map();

export class MirrorExecutions {
  readonly #running = new Map<string, Execution>();
  /** App → hook → its newest run. The inner maps are replaced, never changed. */
  readonly #hooks = new Map<string, ReadonlyMap<string, Execution>>();

  get(id: string): Execution | undefined {
    return this.#running.get(id);
  }

  running(): Iterable<Execution> {
    return this.#running.values();
  }

  runningOf(appId: string): readonly Execution[] {
    if (this.#running.size === 0) return NOTHING;
    return [...this.#running.values()].filter((row) => row.appId === appId);
  }

  lastHooks(appId: string): ReadonlyMap<string, Execution> {
    return this.#hooks.get(appId) ?? NO_HOOKS;
  }

  put(row: Execution): void {
    if (row.state === "running") this.#running.set(row.id, row);
    else this.#running.delete(row.id);
    if (row.kind !== "hook") return;
    const hooks = this.lastHooks(row.appId);
    const newest = hooks.get(row.name);
    if (newest === undefined || newest.id === row.id || isNewer(row, newest))
      this.#hooks.set(row.appId, new Map([...hooks, [row.name, row]]));
  }

  remove(id: string): void {
    this.#running.delete(id);
    for (const [appId, hooks] of this.#hooks)
      for (const row of hooks.values())
        if (row.id === id) this.#hooks.set(appId, new Map([...hooks].filter(([name]) => name !== row.name)));
  }

  removeOf(appId: string): void {
    for (const row of this.runningOf(appId)) this.#running.delete(row.id);
    this.#hooks.delete(appId);
  }

  become(other: MirrorExecutions): void {
    this.#running.clear();
    this.#hooks.clear();
    for (const [id, row] of other.#running) this.#running.set(id, row);
    for (const [appId, hooks] of other.#hooks) this.#hooks.set(appId, hooks);
  }
}

export const isNewer = (
  one: Pick<Execution, "createdAt" | "id">,
  other: Pick<Execution, "createdAt" | "id">,
): boolean => one.createdAt > other.createdAt || (one.createdAt === other.createdAt && one.id > other.id);
