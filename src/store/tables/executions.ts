// The table of executions: long, sorted by time, never read as a whole.
import { sql } from "kysely";
import type { App } from "../../domain/app.ts";
import type { Execution, ExecutionQuery } from "../../domain/execution.ts";
import { HOOKS } from "../../domain/hook.ts";
import { isNewer } from "../mirror-executions.ts";
import type { Queries } from "../schema.ts";
import type { RowTable } from "./row-table.ts";

export const executionsTable: RowTable<Execution> = {
  needs: { id: "string", appId: "string", kind: "string", state: "string", createdAt: "number" },
  bornAt: (execution) => execution.createdAt,
  put: (db, rows) =>
    db
      .insertInto("executions")
      .values(
        rows.map((execution) => ({
          id: execution.id,
          app_id: execution.appId,
          kind: execution.kind,
          name: execution.name,
          state: execution.state,
          created_at: execution.createdAt,
          doc: JSON.stringify(execution),
        })),
      )
      .onConflict((conflict) =>
        conflict.column("id").doUpdateSet((row) => ({
          state: row.ref("excluded.state"),
          doc: row.ref("excluded.doc"),
        })),
      )
      .execute(),
  remove: (db, ids) => db.deleteFrom("executions").where("id", "in", ids).execute(),
};

export async function findExecution(db: Queries, id: string): Promise<Execution | undefined> {
  const row = await db.selectFrom("executions").select("doc").where("id", "=", id).executeTakeFirst();
  return row === undefined ? undefined : read(row.doc);
}

/** The newest ones that match, newest first. */
export async function queryExecutions(db: Queries, query: ExecutionQuery): Promise<Execution[]> {
  if (!(query.limit > 0)) return [];
  // A database that is asked for several states at once sorts all of them; asked one by one, each answer comes from an index.
  const states = query.states ?? [null];
  const found: Execution[] = [];
  for (const state of new Set(states)) found.push(...(await ofState(db, query, state)));
  return found.sort(newestFirst).slice(0, query.limit);
}

export const newestFirst = (one: Execution, other: Execution): number => (isNewer(one, other) ? -1 : 1);

async function ofState(db: Queries, query: ExecutionQuery, state: string | null): Promise<Execution[]> {
  const { appId, kind, since, before, limit } = query;
  let select = db
    .selectFrom("executions")
    .select("doc")
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(Math.min(limit, 10_000));
  if (appId !== undefined) select = select.where("app_id", "=", appId);
  if (state !== null) select = select.where("state", "=", state);
  // Where a state is asked for, too, its index is the better one: the words keep that of kinds out of the way.
  if (kind !== undefined)
    select =
      state === null ? select.where("kind", "=", kind) : select.where(sql<string>`kind || ''`, "=", kind);
  if (since !== undefined) select = select.where("created_at", ">=", since);
  if (before !== undefined)
    select = select.where(sql<boolean>`(created_at, id) < (${before.createdAt}, ${before.id})`);
  const rows = await select.execute();
  return rows.map(({ doc }) => read(doc)).filter((row) => row !== undefined);
}

/** Those that run, and the newest run of each hook. */
export async function decisiveExecutions(db: Queries, apps: Iterable<App>): Promise<Execution[]> {
  const running = await db.selectFrom("executions").select("doc").where("state", "=", "running").execute();
  const found = running.map(({ doc }) => read(doc));
  const withHooks = await appsWithHooks(db);
  for (const { id } of apps)
    if (withHooks.has(id)) for (const name of HOOKS) found.push(await lastHook(db, id, name));
  return found.filter((row) => row !== undefined);
}

/** Leaps from app to app in the index, however many runs each of them has. */
async function appsWithHooks(db: Queries): Promise<Set<string>> {
  const found = new Set<string>();
  for (let last = ""; ; ) {
    const next = await db
      .selectFrom("executions")
      .select("app_id")
      .where("kind", "=", sql.lit("hook"))
      .where("app_id", ">", last)
      .orderBy("app_id")
      .limit(1)
      .executeTakeFirst();
    if (next === undefined) return found;
    last = next.app_id;
    found.add(last);
  }
}

async function lastHook(db: Queries, appId: string, name: string): Promise<Execution | undefined> {
  const row = await db
    .selectFrom("executions")
    .select("doc")
    .where("kind", "=", sql.lit("hook"))
    .where("app_id", "=", appId)
    .where("name", "=", name)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : read(row.doc);
}

/** So many are removed by one statement: others write in between. */
const REMOVED_TOGETHER = 500;

/** Removes ended ones of the app that are too old or too many, but for those in `keep`; returns how many. */
export async function pruneExecutions(
  db: Queries,
  appId: string,
  limits: { before: number; keepPerApp: number },
  keep: readonly string[],
): Promise<number> {
  const surplus = await db
    .selectFrom("executions")
    .select("created_at")
    .where("app_id", "=", appId)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .offset(limits.keepPerApp)
    .limit(1)
    .executeTakeFirst();
  const before = Math.max(limits.before, surplus === undefined ? 0 : surplus.created_at + 1);
  return removeBefore(db, appId, before, keep);
}

async function removeBefore(
  db: Queries,
  appId: string,
  before: number,
  keep: readonly string[],
): Promise<number> {
  for (let removed = 0; ; ) {
    const rows = await db
      .selectFrom("executions")
      .select("id")
      .where("app_id", "=", appId)
      .where("created_at", "<", before)
      .where("state", "!=", "running")
      .where("id", "not in", keep.length > 0 ? [...keep] : [""])
      .orderBy("created_at")
      .limit(REMOVED_TOGETHER)
      .execute();
    if (rows.length === 0) return removed;
    await executionsTable.remove(
      db,
      rows.map(({ id }) => id),
    );
    removed += rows.length;
  }
}

/** Undefined for a row that somebody has damaged: it is history, and nothing depends on it. */
function read(doc: string): Execution | undefined {
  try {
    const row = JSON.parse(doc) as Execution | null;
    return typeof row?.id === "string" && typeof row.appId === "string" ? row : undefined;
  } catch {
    return undefined;
  }
}
