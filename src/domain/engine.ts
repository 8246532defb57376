// The contract of everything that runs instances. Every engine passes test/contracts/engine.ts.
import type { EngineName, Resources, StopRule } from "./app.ts";
import type { Exit, Handle } from "./instance.ts";

/** What to start. Complete: an engine looks nothing up. */
export interface LaunchOrder {
  /** Also the mark: whatever is started carries it (`GANTRY_INSTANCE`, label). */
  instanceId: string;
  argv: string[];
  cwd: string;
  /** The whole environment of the instance. */
  env: Record<string, string>;
  /** Absolute path of the file that receives stdout and stderr (appended; created 0600). */
  logFile: string;
  /** Another file for stderr, in the same way. */
  errFile?: string;
  resources: Resources;
  /** Nothing of the app runs before this resolves: its row is stored then. What can be made ready meanwhile, is. */
  stored?: Promise<void>;
}

/** What an engine sees. `unknown` (the engine can't be asked) is an answer, never "gone". */
export type Observation =
  | { status: "running"; pid: number | null }
  /** `outOfMemory`: the kernel killed it, or part of it, for going over its memory limit. */
  | { status: "ended"; exit: Exit | null; outOfMemory?: boolean }
  | { status: "unknown"; reason: string };

/** Who holds the listening socket of a port, seen from one instance. */
export type PortOwner = "own" | "stranger" | "none" | "unknown";

export interface StopReport {
  exit: Exit | null;
  /** True when KILL was needed. */
  killed: boolean;
}

export interface ResourceUse {
  /** CPU time so far, in milliseconds, of the whole process tree. */
  cpuMs: number;
  memoryBytes: number;
  processes: number;
}

/** All methods are idempotent by instance and end early (with a rejection) when `signal` aborts. */
export interface Engine {
  readonly name: EngineName;

  /** Can it be used, and with which guarantees? `tier` is for people (`doctor`). */
  probe(signal?: AbortSignal): Promise<{ available: boolean; tier: string; reason?: string }>;

  /**
   * Starts the instance and returns as soon as it runs, before it is ready. A second call with the id of a running
   * instance returns the same handle. Throws `GantryError("start-failed")` with a sentence for people.
   */
  start(order: LaunchOrder, signal?: AbortSignal): Promise<Handle>;

  /**
   * Starts a process that waits to become the instance `order.instanceId`, under its mark, in its groups, with its log. The program
   * finds a FIFO in the variable GANTRY_STANDBY, reads one line of JSON from it (`argv`, `cwd`, `env`), and goes on as if it had been
   * started with these; when nobody holds the FIFO any more, it ends. `start` with the same id hands its order over; where that is
   * not possible it ends the process and starts another one. For all else it is like an instance: `remove` ends it. Throws as
   * `start` does, and where the system has no FIFOs. Absent where an engine has no such thing.
   */
  prepare?(order: LaunchOrder): Promise<Handle>;

  /** Cheap: answers from memory or a few file reads. Verifies identity; never trusts a PID alone. */
  inspect(instanceId: string, handle: Handle): Observation;

  /**
   * Ends everything that belongs to the instance: asks with `rule.signal`, waits up to `rule.timeoutMs`, then kills.
   * When it returns nothing is left. "Already gone" is success.
   */
  stop(instanceId: string, handle: Handle, rule: StopRule, signal?: AbortSignal): Promise<StopReport>;

  /** Frees what an ended instance left (stray children, cgroup, status files); not its log. */
  remove(instanceId: string, handle: Handle | null): Promise<void>;

  /** Who listens on this TCP port of this loopback address? */
  portOwner(instanceId: string, handle: Handle, host: string, port: number): PortOwner;

  /** Was it halted (SIGSTOP, a paused container)? Its sockets still take connections then, but nobody answers. */
  isSuspended(instanceId: string, handle: Handle): boolean;

  /** All TCP ports that the instance's own processes listen on. */
  listeningPorts(instanceId: string, handle: Handle): number[];

  /** Resource use of the whole process tree now; null when it is gone. */
  stats(instanceId: string, handle: Handle): Promise<ResourceUse | null>;

  /**
   * Takes up instances that an earlier daemon started: watches them again. Instances whose row has no handle (the
   * daemon died between row and handle) are looked for by their mark. Returns the handles that are alive, and the ids
   * of marked, living instances of this home that are not in `known`.
   */
  adopt(
    known: { instanceId: string; handle: Handle | null }[],
  ): Promise<{ alive: Map<string, Handle>; orphans: Map<string, Handle> }>;

  /** Calls `listener` within milliseconds of the end of an instance's main process. Returns the undo. */
  onEnd(listener: (instanceId: string) => void): () => void;

  /** Stops watching; starts and stops nothing. */
  close(): void;
}
