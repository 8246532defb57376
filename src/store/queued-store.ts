// The store: answers from the mirror, writes through the queue.
import { GantryError } from "../domain/errors.ts";
import type { GantryEvent } from "../domain/event.ts";
import type { Batch, EventQuery, Store } from "../domain/store.ts";
import type { Backend, StoreLog } from "./backend.ts";
import { type Change, keysOf, putsOf, removesOf } from "./change.ts";
import type { EventLog } from "./event-log.ts";
import { loadMirror } from "./load-mirror.ts";
import type { Mirror } from "./mirror.ts";
import { pruneEnded } from "./prune-ended.ts";
import { storeChanges } from "./store-changes.ts";
import { StoredExecutions } from "./stored-executions.ts";
import type { Trouble } from "./trouble.ts";
import { type QueueTarget, WriteQueue } from "./write-queue.ts";

const DEFAULT_WAIT_MS = 5_000;
/** How long `record` lets its caller wait. */
const RECORD_WAIT_MS = 200;
const CLOSE_WAIT_MS = 5_000;

export interface StoreParts {
  backend: Backend;
  mirror: Mirror;
  eventLog: EventLog;
  log: StoreLog;
  now: () => number;
}

export class QueuedStore implements Store, QueueTarget {
  readonly #parts: StoreParts;
  readonly #queue = new WriteQueue(this);
  /** Recorded changes that are shown but not stored yet, in order. */
  readonly #ahead = new Set<Change>();
  /** A connection broke in the middle of a write: nobody knows whether it was stored. */
  #isDoubtful = false;

  readonly #executions: StoredExecutions;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.#executions = new StoredExecutions(parts, this.#ahead);
  }

  get apps() {
    return this.#parts.mirror.apps;
  }
  get releases() {
    return this.#parts.mirror.releases;
  }
  get instances() {
    return this.#parts.mirror.instances;
  }
  get deployments() {
    return this.#parts.mirror.deployments;
  }
  get executions() {
    return this.#executions;
  }

  write(wanted: Batch | (() => Batch), options: { waitMs?: number } = {}): Promise<void> {
    const { mirror, now } = this.#parts;
    const at = now();
    let batch: Batch = {};
    const change = (): Change => {
      batch = typeof wanted === "function" ? wanted() : wanted;
      return pruneEnded({ ...batch, at }, mirror);
    };
    return this.#queue
      .write(change, options.waitMs ?? DEFAULT_WAIT_MS)
      .catch((error: unknown) =>
        Promise.reject(error instanceof GantryError ? error : (this.#nameTaken(batch) ?? error)),
      );
  }

  record(batch: Batch): Promise<void> {
    const { mirror, now, log } = this.#parts;
    // Own lists: the queue takes rows out again that later ones replace.
    const put = { ...batch.put };
    if (put.instances) put.instances = [...put.instances];
    if (put.deployments) put.deployments = [...put.deployments];
    if (put.executions) put.executions = [...put.executions];
    const change = pruneEnded({ ...batch, put, at: now() }, mirror);
    mirror.apply(change);
    if (this.#queue.isClosed) return Promise.resolve(log("warn", "A change came after the end and was lost"));
    this.#ahead.add(change);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, RECORD_WAIT_MS);
      void this.#queue.record(change).then(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  events(query: EventQuery): Promise<GantryEvent[]> {
    return this.#parts.eventLog.query(query);
  }

  onEvent(listener: (event: GantryEvent) => void): () => void {
    return this.#parts.eventLog.listen(listener);
  }

  health(): { ok: boolean; reason: string | null; pending: number } {
    const trouble = this.#queue.trouble;
    return { ok: trouble === null, reason: trouble?.reason ?? null, pending: this.#queue.pending };
  }

  getMeta(key: string): string | undefined {
    return this.#parts.mirror.meta.get(key);
  }

  setMeta(key: string, value: string): Promise<void> {
    const at = this.#parts.now();
    return this.#queue.write(() => ({ at, meta: { [key]: value } }), DEFAULT_WAIT_MS);
  }

  async close(): Promise<void> {
    const lost = await this.#queue.close(CLOSE_WAIT_MS);
    if (lost > 0) this.#parts.log("error", "Changes could not be stored before the end", { changes: lost });
    await this.#parts.backend.close();
  }

  // What the queue asks for.

  async store(changes: readonly Change[]): Promise<GantryEvent[]> {
    const { backend, eventLog } = this.#parts;
    if (this.#isDoubtful) {
      await eventLog.reread();
      await this.#reload();
      this.#isDoubtful = false;
    }
    const events = await storeChanges(backend.writer, changes, eventLog.lastId);
    eventLog.stored(events);
    return events;
  }

  troubleOf(error: unknown): Trouble {
    return this.#parts.backend.troubleOf(error);
  }

  onStored(changes: readonly Change[], events: GantryEvent[], recorded: boolean): void {
    const { backend, mirror, eventLog } = this.#parts;
    for (const change of changes) {
      if (!recorded) {
        // What was recorded meanwhile comes after it.
        mirror.apply(change);
        for (const later of this.#ahead) mirror.apply(later);
      }
      for (const [key, value] of Object.entries(change.meta ?? {})) mirror.meta.set(key, value);
    }
    const important = changes.some((change) =>
      (["apps", "releases"] as const).some(
        (kind) => putsOf(change, kind).length + removesOf(change, kind).length > 0,
      ),
    );
    backend.changed(important);
    eventLog.tell(events);
  }

  onSettled(change: Change): void {
    this.#ahead.delete(change);
  }

  /** The mirror has shown what could not be stored: it goes back to what is. */
  async onRefused(change: Change, trouble: Trouble): Promise<void> {
    const { log, backend } = this.#parts;
    const details = { reason: trouble.reason, rows: keysOf(change) };
    log("error", "A recorded change could never be stored and was dropped", details);
    await this.#reload().catch((error: unknown) =>
      log("error", "The database could not be read again", { error: backend.troubleOf(error).reason }),
    );
  }

  onGivenUp(): void {
    this.#isDoubtful = true;
  }

  async #reload(): Promise<void> {
    const { backend, mirror } = this.#parts;
    const stored = (await loadMirror(backend.writer)).mirror;
    for (const change of this.#ahead) stored.apply(change);
    mirror.become(stored);
  }

  #nameTaken(batch: Batch): GantryError | undefined {
    for (const app of putsOf(batch, "apps")) {
      const other = this.apps.byName(app.name);
      if (app.deletedAt === null && other && other.id !== app.id)
        return new GantryError("name-taken", { name: app.name, field: "name" });
    }
    return undefined;
  }
}
