// The executions as the store shows them: what the database has, under what was recorded and is not stored yet.
import type { Execution, ExecutionQuery } from "../domain/execution.ts";
import type { Executions } from "../domain/store.ts";
import type { Backend } from "./backend.ts";
import { type Change, putsOf, removesOf } from "./change.ts";
import type { Mirror } from "./mirror.ts";
import { isNewer } from "./mirror-executions.ts";
import { findExecution, newestFirst, pruneExecutions, queryExecutions } from "./tables/executions.ts";

export class StoredExecutions implements Executions {
  readonly #parts: { backend: Backend; mirror: Mirror };
  readonly #ahead: Iterable<Change>;

  /** `ahead`: the recorded changes that are not stored yet, in order. */
  constructor(parts: { backend: Backend; mirror: Mirror }, ahead: Iterable<Change>) {
    this.#parts = parts;
    this.#ahead = ahead;
  }

  running(): Iterable<Execution> {
    return this.#parts.mirror.executions.running();
  }

  runningOf(appId: string): readonly Execution[] {
    return this.#parts.mirror.executions.runningOf(appId);
  }

  lastHooks(appId: string): ReadonlyMap<string, Execution> {
    return this.#parts.mirror.executions.lastHooks(appId);
  }

  async get(id: string): Promise<Execution | undefined> {
    const pending = this.#pending();
    if (pending.has(id)) return pending.get(id) ?? undefined;
    return findExecution(this.#parts.backend.reader, id);
  }

  async query(query: ExecutionQuery): Promise<Execution[]> {
    // Looked at first: what is stored meanwhile is then in both, never in none.
    const pending = this.#pending();
    const limit = query.limit + pending.size;
    const stored = await queryExecutions(this.#parts.backend.reader, { ...query, limit });
    const rows = stored.filter((row) => !pending.has(row.id));
    for (const row of pending.values()) if (row !== null && matches(row, query)) rows.push(row);
    return rows.sort(newestFirst).slice(0, Math.max(0, query.limit));
  }

  async prune(limits: { before: number; keepPerApp: number }): Promise<number> {
    const { backend, mirror } = this.#parts;
    let removed = 0;
    for (const { id } of [...mirror.apps.all()]) {
      const keep = [...mirror.executions.lastHooks(id).values()].map((row) => row.id);
      removed += await pruneExecutions(backend.writer, id, limits, keep);
    }
    return removed;
  }

  /** Null for those that are to be removed. */
  #pending(): Map<string, Execution | null> {
    const pending = new Map<string, Execution | null>();
    for (const change of this.#ahead) {
      for (const id of removesOf(change, "executions")) pending.set(id, null);
      for (const row of putsOf(change, "executions")) pending.set(row.id, row);
    }
    return pending;
  }
}

function matches(row: Execution, { appId, kind, states, since, before }: ExecutionQuery): boolean {
  return (
    (appId === undefined || row.appId === appId) &&
    (kind === undefined || row.kind === kind) &&
    (states === undefined || states.includes(row.state)) &&
    (since === undefined || row.createdAt >= since) &&
    (before === undefined || isNewer(before, row))
  );
}
