// Writes changes into the database: one transaction, whole or not at all.
import type { GantryEvent } from "../domain/event.ts";
import { type Change, putsOf, removesOf } from "./change.ts";
import { KINDS, type Kind, type Queries, type Rows } from "./schema.ts";
import { TABLES } from "./tables/all-tables.ts";
import { insertEvents } from "./tables/events.ts";

/** Rows of one statement: well below the number of parameters that either database takes. */
const CHUNK = 200;

/** Stores the changes in order; their events get the ids after `lastEventId`. Returns the events. */
export function storeChanges(
  db: Queries,
  changes: readonly Change[],
  lastEventId: number,
): Promise<GantryEvent[]> {
  return db.transaction().execute(async (transaction) => {
    let id = lastEventId;
    const stored: GantryEvent[] = [];
    for (const change of changes) {
      await storeRows(transaction, change);
      const events = (change.events ?? []).map((event) => {
        id += 1;
        return { ...event, message: storable(event.message), id, at: change.at };
      });
      for (const some of chunks(events)) await insertEvents(transaction, some);
      stored.push(...events);
    }
    return stored;
  });
}

async function storeRows(db: Queries, change: Change): Promise<void> {
  for (const kind of KINDS.toReversed())
    for (const ids of chunks(removesOf(change, kind))) await TABLES[kind].remove(db, ids);
  for (const kind of KINDS) await putRows(db, kind, putsOf(change, kind));
  for (const [key, value] of Object.entries(change.meta ?? {}))
    await db
      .insertInto("meta")
      .values({ key, value })
      .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
      .execute();
}

/** Messages may quote anything; PostgreSQL takes no NUL, and neither database half a character. */
const storable = (text: string): string => text.toWellFormed().replaceAll("\u0000", "\uFFFD");

/** The last of several versions of a row in one batch wins; neither database takes two in one statement. */
async function putRows<K extends Kind>(db: Queries, kind: K, rows: readonly Rows[K][]): Promise<void> {
  const last = rows.length < 2 ? rows : [...new Map(rows.map((row) => [row.id, row])).values()];
  for (const some of chunks(last)) await TABLES[kind].put(db, some);
}

function* chunks<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  if (items.length > 0 && items.length <= CHUNK) yield items;
  else for (let at = 0; at < items.length; at += CHUNK) yield items.slice(at, at + CHUNK);
}
