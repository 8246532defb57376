// Keeps processes waiting that the next deploy of an app can use: started already, for code that is not known yet.
import { rm } from "node:fs/promises";
import { freemem, totalmem } from "node:os";
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { Engine } from "../domain/engine.ts";
import type { EventType, GantryEvent } from "../domain/event.ts";
import type { Handle } from "../domain/instance.ts";
import type { Release } from "../domain/release.ts";
import { newId } from "../lib/id.ts";
import { isWorthIt, keyOf, standbyOrder } from "./standby-order.ts";

/** So long after a deploy or a saved draft the next one is expected. */
const EXPECTED_MS = 600_000;
/** In a home. */
const MOST = 2;
/** Share of the machine's memory below which nothing is kept. */
const LEAST_FREE = 0.15;
const MEMORY_LOOK_MS = 30_000;
/** A new instance has the machine to itself for so long. */
const SETTLE_MS = 300;

/** After these another deploy is likely. */
const CALLS: ReadonlySet<EventType> = new Set(["draft.saved", "deployment.started", "deployment.finished"]);
/** After these an instance has just got ready: nobody is in a hurry. */
const CALM: ReadonlySet<EventType> = new Set(["deployment.finished", "instance.ready"]);

type Preparing = Engine & Required<Pick<Engine, "prepare">>;

interface Standby {
  id: string;
  app: App;
  engine: Preparing;
  /** Of what it was made for. */
  key: string;
  /** Null until it runs. */
  handle: Handle | null;
}

/** They are never routed and never listed; no row knows them before they become instances. */
export interface Standbys {
  /** The id of a process that waits to become an instance of this release: from now on it is the caller's. Null where there is none. */
  take(app: App, release: Release): string | null;
  /** Ends a process that was taken and did not become an instance. */
  giveUp(app: App, id: string): void;
  /** Listens to events from now on. */
  open(): void;
  /** Ends all of them. */
  close(): Promise<void>;
}

/** `free` tells the share of memory that is free. */
export function createStandbys(
  context: () => Context,
  free: () => number = () => freemem() / totalmem(),
): Standbys {
  return new StandbyRoom(context, free);
}

class StandbyRoom implements Standbys {
  readonly #context: () => Context;
  readonly #free: () => number;
  /** App id → the undo of what ends the expectation. */
  readonly #expected = new Map<string, () => void>();
  /** App id → key of what could not be made ready: not to be tried before the next call. */
  readonly #unfit = new Map<string, string>();
  readonly #all = new Map<string, Standby>();
  readonly #ending = new Set<Promise<void>>();
  readonly #undo: (() => void)[] = [];
  #memoryTimer: (() => void) | null = null;
  #closed = false;

  constructor(context: () => Context, free: () => number) {
    this.#context = context;
    this.#free = free;
  }

  open(): void {
    const { store, engines } = this.#context();
    this.#undo.push(store.onEvent((event) => this.#hear(event)));
    for (const engine of Object.values(engines)) this.#undo.push(engine.onEnd((id) => this.#ended(id)));
  }

  take(app: App, release: Release): string | null {
    const standby = this.#all.get(app.id);
    if (standby === undefined || standby.handle === null) return null;
    this.#all.delete(app.id);
    const fits = standby.key === keyOf(app, release);
    if (fits && standby.engine.inspect(standby.id, standby.handle).status === "running") return standby.id;
    this.#end(standby);
    return null;
  }

  giveUp(app: App, id: string): void {
    const engine = this.#context().engines[app.engine];
    if (engine !== undefined) this.#end({ id, app, handle: null, engine });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const undo of this.#undo) undo();
    for (const appId of [...this.#expected.keys()]) this.#forget(appId);
    this.#memoryTimer?.();
    await Promise.all(this.#ending);
  }

  #hear({ type, appId }: GantryEvent): void {
    if (appId === null || this.#closed) return;
    const { clock } = this.#context();
    if (CALLS.has(type)) {
      this.#expected.get(appId)?.();
      this.#expected.set(
        appId,
        clock.after(EXPECTED_MS, () => this.#forget(appId)),
      );
      this.#unfit.delete(appId);
    }
    if (!this.#expected.has(appId)) return;
    if (CALM.has(type)) clock.after(SETTLE_MS, () => this.#look(appId));
    else this.#look(appId);
  }

  #forget(appId: string): void {
    this.#expected.get(appId)?.();
    this.#expected.delete(appId);
    this.#unfit.delete(appId);
    this.#drop(appId);
  }

  /** Ends what does not fit any more, and makes what is missing. */
  #look(appId: string): void {
    if (this.#closed || !this.#expected.has(appId)) return;
    const { store } = this.#context();
    const app = store.apps.get(appId);
    const release = store.releases.get(app?.targetReleaseId ?? "");
    const fits = app !== undefined && release !== undefined && isWorthIt(app, release);
    const key = fits ? keyOf(app, release) : null;
    if (this.#all.get(appId)?.key !== key) this.#drop(appId);
    if (!fits || key === null || this.#all.has(appId) || this.#unfit.get(appId) === key) return;
    const isStarting = store.instances
      .ofApp(appId)
      .some((row) => row.endedAt === null && row.readyAt === null && row.stopRequestedAt === null);
    const engine = this.#context().engines[app.engine];
    if (isStarting || engine?.prepare === undefined || this.#free() < LEAST_FREE) return;
    void this.#make(
      {
        id: newId("i", this.#context().clock.now()),
        app,
        engine: engine as Preparing,
        key,
        handle: null,
      },
      release,
    );
  }

  async #make(standby: Standby, release: Release): Promise<void> {
    const { app, id, engine } = standby;
    this.#all.set(app.id, standby);
    for (const oldest of this.#all.keys()) if (this.#all.size > MOST) this.#drop(oldest);
    this.#watchMemory();
    const { logs, log } = this.#context();
    try {
      const order = await standbyOrder(this.#context(), app, release, id);
      const handle = order === null ? null : await engine.prepare(order);
      if (handle === null) this.#unfit.set(app.id, standby.key);
      else if (this.#all.get(app.id) === standby) {
        logs.attach(app.name, id);
        standby.handle = handle;
        return;
      } else this.#end({ ...standby, handle });
    } catch (error) {
      this.#unfit.set(app.id, standby.key);
      log.warn("no process could be made ready for the next deploy", { app: app.name, error: String(error) });
    }
    if (this.#all.get(app.id) === standby) this.#all.delete(app.id);
  }

  /** One that died while it waited. */
  #ended(id: string): void {
    for (const [appId, standby] of this.#all)
      if (standby.id === id) {
        this.#unfit.set(appId, standby.key);
        this.#drop(appId);
      }
  }

  #drop(appId: string): void {
    const standby = this.#all.get(appId);
    this.#all.delete(appId);
    // One that is being made ends when it is there.
    if (standby !== undefined && standby.handle !== null) this.#end(standby);
  }

  #end({ id, app, engine, handle }: Pick<Standby, "id" | "app" | "handle"> & { engine: Engine }): void {
    const { logs, log } = this.#context();
    const ending = engine
      .remove(id, handle)
      .then(async () => {
        logs.detach(id);
        await rm(logs.fileOf(app.name, id), { force: true });
      })
      .catch((error) =>
        log.error("a waiting process could not be ended", { app: app.name, error: String(error) }),
      )
      .finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  #watchMemory(): void {
    this.#memoryTimer ??= this.#context().clock.after(MEMORY_LOOK_MS, () => {
      this.#memoryTimer = null;
      if (this.#free() < LEAST_FREE) for (const appId of [...this.#all.keys()]) this.#drop(appId);
      if (this.#all.size > 0) this.#watchMemory();
    });
  }
}
