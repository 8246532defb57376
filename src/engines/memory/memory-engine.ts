// An engine that runs nothing: a scripted world in memory, for tests of whatever drives engines.
import type { StopRule } from "../../domain/app.ts";
import type {
  Engine,
  LaunchOrder,
  Observation,
  PortOwner,
  ResourceUse,
  StopReport,
} from "../../domain/engine.ts";
import { GantryError } from "../../domain/errors.ts";
import type { Exit, Handle } from "../../domain/instance.ts";

/** How the made-up app of an order behaves. */
export interface Behaviour {
  /** `start` throws `start-failed` with this sentence. */
  startFails?: string;
  /** Ends by itself with this, as soon as the caller has its handle. */
  endsWith?: Exit;
  /** Only KILL ends it. */
  ignoresSignals?: boolean;
  /** Who holds its port; default "none", as before an app has opened it. */
  port?: PortOwner;
  listensOn?: number[];
}

interface MadeUp {
  order: LaunchOrder;
  pid: number;
  behaviour: Behaviour;
  ended: boolean;
  exit: Exit | null;
  /** It waits to become an instance. */
  waits?: boolean;
}

/** What "runs". Two engines over one world are two daemons, one after the other. */
export class MemoryWorld {
  readonly instances = new Map<string, MadeUp>();
  nextPid = 1000;
}

export interface MemoryEngineOptions {
  world?: MemoryWorld;
  /** Asked at each start. */
  behave?: (order: LaunchOrder) => Behaviour;
}

export function createMemoryEngine(options: MemoryEngineOptions = {}): MemoryEngine {
  return new MemoryEngine(options.world ?? new MemoryWorld(), options.behave ?? (() => ({})));
}

export class MemoryEngine implements Engine {
  readonly name = "memory";
  /** Every order that was started, oldest first. */
  readonly started: LaunchOrder[] = [];
  /** Every order with which something began to wait, oldest first. */
  readonly prepared: LaunchOrder[] = [];
  /** Every instance that was asked to stop, oldest first. */
  readonly stopped: string[] = [];
  readonly #world: MemoryWorld;
  readonly #behave: (order: LaunchOrder) => Behaviour;
  readonly #listeners = new Set<(instanceId: string) => void>();
  #blindBecause: string | null = null;

  constructor(world: MemoryWorld, behave: (order: LaunchOrder) => Behaviour) {
    this.#world = world;
    this.#behave = behave;
  }

  /** Lets a running instance end by itself. */
  end(instanceId: string, exit: Exit = { code: 0, signal: null }): void {
    const instance = this.#world.instances.get(instanceId);
    if (instance === undefined || instance.ended) return;
    instance.ended = true;
    instance.exit = exit;
    for (const listener of this.#listeners) listener(instanceId);
  }

  /** Changes how a running instance behaves from now on. */
  set(instanceId: string, change: Behaviour): void {
    const instance = this.#world.instances.get(instanceId);
    if (instance !== undefined) instance.behaviour = { ...instance.behaviour, ...change };
  }

  /** From now on (until null) the engine can't be asked: everything is unknown, nothing can be started or stopped. */
  blind(reason: string | null): void {
    this.#blindBecause = reason;
  }

  /** Ids of what runs. */
  running(): string[] {
    return [...this.#world.instances].filter(([, one]) => !one.ended).map(([id]) => id);
  }

  async probe(): Promise<{ available: boolean; tier: string; reason?: string }> {
    const reason = this.#blindBecause;
    return reason === null
      ? { available: true, tier: "memory" }
      : { available: false, tier: "memory", reason };
  }

  async start(order: LaunchOrder, signal?: AbortSignal): Promise<Handle> {
    signal?.throwIfAborted();
    this.#see();
    await order.stored;
    const { instanceId } = order;
    const before = this.#world.instances.get(instanceId);
    if (before !== undefined && !before.ended) {
      if (before.waits) this.started.push(order);
      before.waits = false;
      return handleOf(before);
    }
    const behaviour = this.#behave(order);
    if (behaviour.startFails !== undefined)
      throw new GantryError("start-failed", { reason: behaviour.startFails });
    const instance = { order, pid: this.#world.nextPid++, behaviour, ended: false, exit: null };
    this.#world.instances.set(instanceId, instance);
    this.started.push(order);
    const { endsWith } = behaviour;
    if (endsWith !== undefined) setImmediate(() => this.end(instanceId, endsWith));
    return handleOf(instance);
  }

  async prepare(order: LaunchOrder): Promise<Handle> {
    this.#see();
    const behaviour = this.#behave(order);
    const instance = {
      order,
      pid: this.#world.nextPid++,
      behaviour,
      ended: false,
      exit: null,
      waits: true,
    };
    this.#world.instances.set(order.instanceId, instance);
    this.prepared.push(order);
    return handleOf(instance);
  }

  inspect(instanceId: string, handle: Handle): Observation {
    if (this.#blindBecause !== null) return { status: "unknown", reason: this.#blindBecause };
    const instance = this.#find(instanceId, handle);
    if (instance === undefined) return { status: "ended", exit: null };
    return instance.ended
      ? { status: "ended", exit: instance.exit }
      : { status: "running", pid: instance.pid };
  }

  async stop(instanceId: string, handle: Handle, rule: StopRule, signal?: AbortSignal): Promise<StopReport> {
    signal?.throwIfAborted();
    this.#see();
    const instance = this.#find(instanceId, handle);
    if (instance === undefined || instance.ended) return { exit: instance?.exit ?? null, killed: false };
    this.stopped.push(instanceId);
    const killed = instance.behaviour.ignoresSignals === true && rule.signal !== "KILL";
    if (killed) await this.#endOf(instance, rule.timeoutMs);
    signal?.throwIfAborted();
    this.end(instanceId, { code: null, signal: killed ? "KILL" : rule.signal });
    return { exit: instance.exit, killed };
  }

  async remove(instanceId: string): Promise<void> {
    this.end(instanceId, { code: null, signal: "KILL" });
    this.#world.instances.delete(instanceId);
  }

  portOwner(instanceId: string, handle: Handle): PortOwner {
    if (this.#blindBecause !== null) return "unknown";
    const instance = this.#find(instanceId, handle);
    return instance === undefined || instance.ended ? "none" : (instance.behaviour.port ?? "none");
  }

  isSuspended(): boolean {
    return false;
  }

  listeningPorts(instanceId: string, handle: Handle): number[] {
    const instance = this.#find(instanceId, handle);
    return instance === undefined || instance.ended ? [] : (instance.behaviour.listensOn ?? []);
  }

  async stats(instanceId: string, handle: Handle): Promise<ResourceUse | null> {
    const instance = this.#find(instanceId, handle);
    if (instance === undefined || instance.ended) return null;
    return { cpuMs: 1, memoryBytes: 1024, processes: 1 };
  }

  async adopt(
    known: { instanceId: string; handle: Handle | null }[],
  ): Promise<{ alive: Map<string, Handle>; orphans: Map<string, Handle> }> {
    this.#see();
    const alive = new Map<string, Handle>();
    const orphans = new Map<string, Handle>();
    const rows = new Map(known.map((row) => [row.instanceId, row.handle]));
    for (const [instanceId, instance] of this.#world.instances) {
      if (instance.ended) continue;
      const handle = rows.get(instanceId);
      if (handle === undefined) orphans.set(instanceId, handleOf(instance));
      else if (handle === null || handle.pid === instance.pid) alive.set(instanceId, handleOf(instance));
    }
    return { alive, orphans };
  }

  onEnd(listener: (instanceId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#listeners.clear();
  }

  #find(instanceId: string, handle: Handle): MadeUp | undefined {
    const instance = this.#world.instances.get(instanceId);
    return instance?.pid === handle.pid ? instance : undefined;
  }

  /** Resolves when it ended, at the latest after `ms`. */
  #endOf(instance: MadeUp, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const undo = this.onEnd(() => instance.ended && done());
      const timer = setTimeout(() => done(), ms);
      const done = () => {
        clearTimeout(timer);
        undo();
        resolve();
      };
    });
  }

  #see(): void {
    if (this.#blindBecause !== null)
      throw new GantryError("engine-unavailable", { engine: this.name, reason: this.#blindBecause });
  }
}

const handleOf = (instance: MadeUp): Handle => ({ engine: "memory", pid: instance.pid });
