// The one line in which all changes wait for the database, in the order in which they were handed in.
import type { GantryEvent } from "../domain/event.ts";
import { type Change, keyOf } from "./change.ts";
import { KINDS } from "./schema.ts";
import { errorOf, type Trouble } from "./trouble.ts";

/** What the queue needs of the store. */
export interface QueueTarget {
  /** One transaction over all of these. */
  store(changes: readonly Change[]): Promise<GantryEvent[]>;
  troubleOf(error: unknown): Trouble;
  /** Called right after each success, before the next attempt. */
  onStored(changes: readonly Change[], events: GantryEvent[], recorded: boolean): void;
  /** A recorded change that can never be stored. */
  onRefused(change: Change, trouble: Trouble): Promise<void>;
  /** A writer was told that its change failed: where the connection broke, it may be stored all the same. */
  onGivenUp(): void;
  /** A recorded change of which the queue is done, in whatever way. */
  onSettled(change: Change): void;
}

interface WriteEntry {
  recorded: false;
  /** Made only when its turn comes, so that it sees what those before it did. */
  change: () => Change;
  tried: boolean;
  /** Monotonic ms. */
  deadline: number;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** Neighbouring recorded changes share one transaction. */
interface RecordEntry {
  recorded: true;
  changes: Change[];
  /** The change of this entry that has a row's newest version: older versions are not written. */
  newest: Map<string, Change>;
  started: boolean;
  resolve: (() => void)[];
}

type Entry = WriteEntry | RecordEntry;

const FIRST_PAUSE_MS = 2;
/** A locked database is asked again at least so often. */
const LOCKED_PAUSE_MS = 100;
const TROUBLED_PAUSE_MS = 1_000;

export class WriteQueue {
  readonly #target: QueueTarget;
  readonly #entries: Entry[] = [];
  #running = false;
  #trouble: Trouble | null = null;
  #pauseMs = FIRST_PAUSE_MS;
  #wake: () => void = () => {};
  #state: "open" | "closing" | "closed" = "open";

  constructor(target: QueueTarget) {
    this.#target = target;
  }

  get trouble(): Trouble | null {
    return this.#trouble;
  }

  get pending(): number {
    return this.#entries.reduce((sum, entry) => sum + (entry.recorded ? entry.changes.length : 1), 0);
  }

  get isClosed(): boolean {
    return this.#state === "closed";
  }

  /** Resolves when stored; rejects after `waitMs` without success, or at once where waiting does not help. */
  write(change: () => Change, waitMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#state !== "open") {
        const reason = "the store is closed";
        return reject(errorOf({ kind: "unavailable", reason, cause: undefined }));
      }
      const deadline = performance.now() + waitMs;
      this.#enter({ recorded: false, change, tried: false, deadline, resolve, reject });
    });
  }

  /** Resolves when stored, be it hours later. */
  record(change: Change): Promise<void> {
    return new Promise((resolve) => {
      const last = this.#entries.at(-1);
      if (last?.recorded && !last.started) {
        last.resolve.push(resolve);
        append(last, change);
        return this.#go(this.#trouble?.kind === "locked");
      }
      const entry: RecordEntry = {
        recorded: true,
        changes: [],
        newest: new Map(),
        started: false,
        resolve: [resolve],
      };
      append(entry, change);
      this.#enter(entry);
    });
  }

  /** Stores what waits, for at most `waitMs`; returns how many changes could not be stored. */
  async close(waitMs: number): Promise<number> {
    this.#state = "closing";
    const end = performance.now() + waitMs;
    while (this.#entries.length > 0 && performance.now() < end) {
      this.#wake();
      await sleep(5);
    }
    const lost = this.pending;
    this.#state = "closed";
    for (const entry of this.#entries.splice(0)) if (!entry.recorded) this.#giveUp(entry);
    this.#wake();
    return lost;
  }

  #enter(entry: Entry): void {
    this.#entries.push(entry);
    this.#go();
  }

  /** Asking a locked database costs nothing; other troubles only when somebody waits for the answer. */
  #go(again = true): void {
    if (again) this.#wake();
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let head = this.#entries[0]; head; head = this.#entries[0]) {
      const trouble = await (head.recorded ? this.#storeRecorded(head) : this.#storeWritten(head));
      this.#trouble = trouble;
      if (!trouble) this.#pauseMs = FIRST_PAUSE_MS;
      else {
        this.#dropHopeless(trouble);
        if (this.#entries.length > 0) await this.#pause(trouble);
      }
    }
    this.#trouble = null;
    this.#running = false;
  }

  async #storeWritten(entry: WriteEntry): Promise<Trouble | null> {
    let change: Change;
    try {
      change = entry.change();
    } catch (error) {
      this.#leave(entry);
      entry.reject(error as Error);
      return null;
    }
    entry.tried = true;
    try {
      const events = await this.#target.store([change]);
      this.#leave(entry);
      this.#target.onStored([change], events, false);
      entry.resolve();
      return null;
    } catch (error) {
      const trouble = this.#target.troubleOf(error);
      if (trouble.kind !== "refused") return trouble;
      this.#leave(entry);
      entry.reject(errorOf(trouble));
      return null;
    }
  }

  async #storeRecorded(entry: RecordEntry): Promise<Trouble | null> {
    entry.started = true;
    try {
      const events = await this.#target.store(entry.changes);
      this.#leave(entry);
      for (const change of entry.changes) this.#target.onSettled(change);
      this.#target.onStored(entry.changes, events, true);
      for (const resolve of entry.resolve) resolve();
      return null;
    } catch (error) {
      entry.started = false;
      const trouble = this.#target.troubleOf(error);
      if (trouble.kind !== "refused") return trouble;
      this.#leave(entry);
      await this.#salvage(entry, trouble);
      return null;
    }
  }

  /** One of the changes can never be stored: the others are, each by itself, and so are its events. */
  async #salvage(entry: RecordEntry, trouble: Trouble): Promise<void> {
    const [change, ...more] = entry.changes;
    if (!change || more.length > 0) {
      const singles = entry.changes.map((single) => {
        const part: RecordEntry = { ...entry, changes: [], newest: new Map(), resolve: [] };
        append(part, single);
        return part;
      });
      singles.at(-1)?.resolve.push(...entry.resolve);
      this.#entries.unshift(...singles);
      return;
    }
    this.#target.onSettled(change);
    await this.#target.onRefused(change, trouble);
    for (const resolve of entry.resolve) resolve();
    const { at, events } = change;
    if (events && keysLeft(change)) {
      const part: RecordEntry = { ...entry, changes: [{ at, events }], newest: new Map(), resolve: [] };
      this.#entries.unshift(part);
    }
  }

  #leave(entry: Entry): void {
    const place = this.#entries.indexOf(entry);
    if (place >= 0) this.#entries.splice(place, 1);
  }

  /** Writers don't wait for a full disk, nor beyond their time. */
  #dropHopeless(trouble: Trouble): void {
    const now = performance.now();
    for (const entry of [...this.#entries])
      if (!entry.recorded && (trouble.kind === "full" || entry.deadline <= now)) {
        this.#leave(entry);
        if (entry.tried && trouble.kind === "unavailable") this.#target.onGivenUp();
        entry.reject(errorOf(trouble));
      }
  }

  #giveUp(entry: WriteEntry): void {
    const closed: Trouble = { kind: "unavailable", reason: "the store was closed", cause: undefined };
    entry.reject(errorOf(this.#trouble ?? closed));
  }

  /** Until the next attempt: longer each time, but a new change or a writer's deadline ends it. */
  async #pause(trouble: Trouble): Promise<void> {
    const longest = trouble.kind === "locked" ? LOCKED_PAUSE_MS : TROUBLED_PAUSE_MS;
    const now = performance.now();
    const deadlines = this.#entries.map((entry) => (entry.recorded ? Infinity : entry.deadline - now));
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(1, Math.min(this.#pauseMs, ...deadlines)));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => {};
    this.#pauseMs = Math.min(this.#pauseMs * 2, longest);
  }
}

/** Adds a change; rows of older changes of the entry that it replaces need not be written any more. */
function append(entry: RecordEntry, change: Change): void {
  entry.changes.push(change);
  for (const kind of KINDS) {
    // Names and numbers are unique: the order of their changes matters, so none is left out.
    if (kind === "apps" || kind === "releases") continue;
    for (const row of change.put?.[kind] ?? []) {
      const key = keyOf(kind, row.id);
      const older = entry.newest.get(key);
      if (older && older !== change) dropRow(older, kind, row.id);
      entry.newest.set(key, change);
    }
  }
}

function dropRow(change: Change, kind: "instances" | "deployments" | "executions", id: string): void {
  const rows: { id: string }[] | undefined = change.put?.[kind];
  const place = rows?.findIndex((row) => row.id === id) ?? -1;
  if (place >= 0) rows?.splice(place, 1);
}

const keysLeft = (change: Change): boolean => change.put !== undefined || change.remove !== undefined;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
