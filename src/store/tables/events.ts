// The table of events: a log that only grows at one end and is shortened at the other.
import type { EventType, GantryEvent } from "../../domain/event.ts";
import type { EventQuery } from "../../domain/store.ts";
import type { Queries, Tables } from "../schema.ts";

/** Ids are given by the caller; a second insert of the same event changes nothing (a commit whose answer got lost). */
export async function insertEvents(db: Queries, events: readonly GantryEvent[]): Promise<void> {
  await db
    .insertInto("events")
    .values(
      events.map((event) => ({
        id: event.id,
        at: event.at,
        type: event.type,
        app_id: event.appId,
        actor: event.actor,
        message: event.message,
        data: event.data === undefined ? null : JSON.stringify(event.data),
      })),
    )
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
}

/** The newest events that match, oldest first. */
export async function queryEvents(db: Queries, query: EventQuery): Promise<GantryEvent[]> {
  if (!(query.limit > 0)) return [];
  let select = db
    .selectFrom("events")
    .selectAll()
    .orderBy("id", "desc")
    .limit(Math.min(query.limit, 100_000));
  if (query.after !== undefined) select = select.where("id", ">", query.after);
  if (query.before !== undefined) select = select.where("id", "<", query.before);
  if (query.appId !== undefined) select = select.where("app_id", "=", query.appId);
  return (await select.execute()).reverse().map(toEvent);
}

/** First and last id; null when there is none. */
export async function eventRange(db: Queries): Promise<{ first: number; last: number } | null> {
  const end = (direction: "asc" | "desc") =>
    db.selectFrom("events").select("id").orderBy("id", direction).limit(1).executeTakeFirst();
  const [first, last] = [await end("asc"), await end("desc")];
  return first && last ? { first: first.id, last: last.id } : null;
}

export const removeEventsBefore = (db: Queries, id: number): Promise<unknown> =>
  db.deleteFrom("events").where("id", "<", id).execute();

function toEvent(row: Tables["events"]): GantryEvent {
  const event: GantryEvent = {
    id: row.id,
    at: row.at,
    type: row.type as EventType,
    appId: row.app_id,
    actor: row.actor,
    message: row.message,
  };
  const data = row.data === null ? undefined : parse(row.data);
  return data === undefined ? event : { ...event, data };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
