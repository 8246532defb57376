// The events: their ids, who listens, and how many are kept.
import type { GantryEvent } from "../domain/event.ts";
import type { EventQuery } from "../domain/store.ts";
import type { Backend, StoreLog } from "./backend.ts";
import { eventRange, queryEvents, removeEventsBefore } from "./tables/events.ts";

/** The newest events that are kept. */
const KEPT_EVENTS = 200_000;

/** So many are removed together. */
const REMOVED_TOGETHER = 1_000;

export class EventLog {
  readonly #backend: Backend;
  readonly #log: StoreLog;
  readonly #listeners = new Set<(event: GantryEvent) => void>();
  readonly #kept: number;
  #firstId: number;
  #lastId: number;

  private constructor(backend: Backend, log: StoreLog, range: { first: number; last: number }, kept: number) {
    this.#backend = backend;
    this.#log = log;
    this.#firstId = range.first;
    this.#lastId = range.last;
    this.#kept = kept;
  }

  static async open(backend: Backend, log: StoreLog, kept = KEPT_EVENTS): Promise<EventLog> {
    const range = (await eventRange(backend.reader)) ?? { first: 1, last: 0 };
    return new EventLog(backend, log, range, kept);
  }

  get lastId(): number {
    return this.#lastId;
  }

  /** Asks the database for the ids that are used. */
  async reread(): Promise<void> {
    const range = await eventRange(this.#backend.writer);
    this.#lastId = Math.max(this.#lastId, range?.last ?? 0);
  }

  query(query: EventQuery): Promise<GantryEvent[]> {
    return queryEvents(this.#backend.reader, query);
  }

  listen(listener: (event: GantryEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** These ids are used now. */
  stored(events: readonly GantryEvent[]): void {
    this.#lastId = events.at(-1)?.id ?? this.#lastId;
  }

  tell(events: readonly GantryEvent[]): void {
    for (const event of events)
      for (const listener of this.#listeners)
        try {
          listener(event);
        } catch (error) {
          this.#log("error", "A listener of events failed", { error: String(error) });
        }
    this.#shorten();
  }

  /** Between two transactions; when it fails it is tried again after the next thousand. */
  #shorten(): void {
    if (this.#lastId - this.#firstId < this.#kept + REMOVED_TOGETHER) return;
    const before = this.#lastId - this.#kept + 1;
    this.#firstId = before;
    removeEventsBefore(this.#backend.writer, before).catch((error: unknown) =>
      this.#log("warn", "Old events could not be removed", { error: String(error) }),
    );
  }
}
