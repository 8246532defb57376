// Runs what is finite, through the same engines as apps: row first, then the process, then what came of it.
import type { Context, ExecutionOrder, ExecutionRunner } from "../context.ts";
import type { App } from "../domain/app.ts";
import { GantryError } from "../domain/errors.ts";
import { bornAfter, type Execution, newExecution } from "../domain/execution.ts";
import type { Handle } from "../domain/instance.ts";
import { newId } from "../lib/id.ts";
import { closeExecution, type Ending } from "./close-execution.ts";
import { fillPort } from "./instance-env.ts";
import { measureUse } from "./measure-use.ts";
import { prepareEnv } from "./prepare-env.ts";

/** From asking to killing, where one took too long or was cancelled. */
const GRACE_MS = 5_000;
const RETRY_MS = 2_000;

/** One that this daemon looks after. */
interface Live {
  row: Execution;
  /** Monotonic ms of its start; null for those of an earlier daemon. */
  bornAt: number | null;
  undo: (() => void)[];
  /** Its processes are being ended: the end of the first of them is not yet its end. */
  isEnding: boolean;
  isClosing: boolean;
}

export const createExecutions = (context: () => Context): ExecutionRunner => new Executions(context);

class Executions implements ExecutionRunner {
  readonly #context: () => Context;
  readonly #live = new Map<string, Live>();
  readonly #unsubscribe: (() => void)[] = [];

  constructor(context: () => Context) {
    this.#context = context;
  }

  open(): void {
    for (const engine of Object.values(this.#context().engines))
      this.#unsubscribe.push(engine.onEnd((id) => this.#look(id)));
  }

  async start(order: ExecutionOrder): Promise<Execution> {
    const context = this.#context();
    const row = rowOf(context, order);
    const entry: Live = {
      row,
      bornAt: context.clock.monotonic(),
      undo: [],
      isEnding: false,
      isClosing: false,
    };
    this.#live.set(row.id, entry);
    await context.store.record({ put: { executions: [row] }, events: [startEvent(order.app, row)] });
    try {
      entry.row = { ...entry.row, handle: await launch(context, order, row) };
    } catch (error) {
      if (!(error instanceof GantryError)) throw error;
      await this.#close(row.id, { exit: null, reason: `could not be started: ${error.message}` });
      return entry.row;
    }
    context.output.attach(order.app.name, row.id);
    this.#watch(entry, row.timeoutMs);
    await this.#update(entry, { startedAt: context.clock.now() });
    this.#goOn(entry);
    return entry.row;
  }

  async cancel(id: string, reason: string): Promise<void> {
    const entry = this.#live.get(id);
    if (entry === undefined || entry.isClosing || entry.row.endingAs !== null) return;
    await this.#update(entry, { endingAs: "cancelled", reason });
    this.#context().reconciler.wake(entry.row.appId);
    void this.#end(entry);
  }

  async adopt(rows: Execution[], alive: ReadonlyMap<string, Handle>): Promise<void> {
    await Promise.all(rows.map((row) => this.#takeUp(row, alive.get(row.id))));
  }

  close(): void {
    for (const undo of this.#unsubscribe) undo();
    for (const entry of this.#live.values()) for (const undo of entry.undo) undo();
    this.#live.clear();
  }

  async #takeUp(row: Execution, handle: Handle | undefined): Promise<void> {
    const context = this.#context();
    const entry: Live = { row, bornAt: null, undo: [], isEnding: false, isClosing: false };
    this.#live.set(row.id, entry);
    if (handle === undefined) return await this.#close(row.id, vanished(context, row));
    const app = context.store.apps.get(row.appId);
    if (app !== undefined) context.output.attach(app.name, row.id);
    await this.#update(entry, { handle, startedAt: row.startedAt ?? row.createdAt });
    this.#watch(entry, timeLeft(row, context.clock.now()));
    this.#goOn(entry);
  }

  /** It may have ended, or been cancelled, before anybody looked. */
  #goOn(entry: Live): void {
    if (entry.row.endingAs !== null) void this.#end(entry);
    else this.#look(entry.row.id);
  }

  #watch(entry: Live, leftMs: number | null): void {
    const { clock } = this.#context();
    const timeOut = async (): Promise<void> => {
      if (entry.row.endingAs === null) await this.#update(entry, { endingAs: "timed_out" });
      await this.#end(entry);
    };
    if (leftMs !== null) entry.undo.push(clock.after(leftMs, () => void timeOut()));
    entry.undo.push(
      measureUse(this.#context(), entry.row, (use) => {
        const { cpuMs, peakMemoryBytes } = entry.row;
        entry.row = {
          ...entry.row,
          cpuMs: Math.max(cpuMs ?? 0, use.cpuMs),
          peakMemoryBytes: Math.max(peakMemoryBytes ?? 0, use.memoryBytes),
        };
      }),
    );
  }

  #look(id: string): void {
    const entry = this.#live.get(id);
    if (entry === undefined || entry.isEnding || entry.row.handle === null) return;
    const found = this.#context().engines[entry.row.engine]?.inspect(id, entry.row.handle);
    if (found?.status === "ended")
      void this.#close(id, { exit: found.exit, outOfMemory: found.outOfMemory ?? false });
  }

  /** The engine tells of its end, too, but not where it has lost sight of it. */
  async #end(entry: Live): Promise<void> {
    const { id, handle, engine } = entry.row;
    if (handle === null || entry.isEnding) return;
    entry.isEnding = true;
    const { engines, log, clock } = this.#context();
    try {
      const report = await engines[engine]?.stop(id, handle, { signal: "TERM", timeoutMs: GRACE_MS });
      await this.#close(id, { exit: report?.exit ?? null });
    } catch (error) {
      entry.isEnding = false;
      log.error("an execution could not be ended", { executionId: id, error: String(error) });
      entry.undo.push(clock.after(RETRY_MS, () => void this.#end(entry)));
    }
  }

  async #close(id: string, ending: Ending): Promise<void> {
    const entry = this.#live.get(id);
    if (entry === undefined || entry.isClosing) return;
    entry.isClosing = true;
    for (const undo of entry.undo) undo();
    const { clock, reconciler } = this.#context();
    const elapsedMs = entry.bornAt === null ? null : clock.monotonic() - entry.bornAt;
    // What is removed next holds the only other trace of it.
    if (ending.exit !== null) await this.#update(entry, { exit: ending.exit });
    entry.row = await closeExecution(this.#context(), entry.row, ending, elapsedMs);
    this.#live.delete(id);
    reconciler.wake(entry.row.appId);
  }

  async #update(entry: Live, change: Partial<Execution>): Promise<void> {
    entry.row = { ...entry.row, ...change };
    await this.#context().store.record({ put: { executions: [entry.row] } });
  }
}

function rowOf({ store, clock }: Context, order: ExecutionOrder): Execution {
  const { app, release, instance, kind, name, argv, timeoutMs, actor, attempt } = order;
  const before = kind === "hook" ? store.executions.lastHooks(app.id).get(name) : undefined;
  const createdAt = bornAfter(before, clock.now());
  return newExecution({
    id: newId("x", createdAt),
    app,
    releaseId: release.id,
    instanceId: instance?.id ?? null,
    kind,
    name,
    argv,
    timeoutMs,
    createdAt,
    actor,
    attempt,
  });
}

/** What does not live any more: its status may have been written while no daemon watched. */
function vanished({ engines }: Context, row: Execution): Ending {
  if (row.exit !== null) return { exit: row.exit };
  const found = row.handle === null ? undefined : engines[row.engine]?.inspect(row.id, row.handle);
  if (found?.status === "ended") return { exit: found.exit, outOfMemory: found.outOfMemory ?? false };
  return { exit: null };
}

/** By the wall clock, which may have jumped: never more than the whole time, never less than nothing. */
const timeLeft = ({ timeoutMs, startedAt, createdAt }: Execution, now: number): number | null =>
  timeoutMs === null ? null : Math.min(timeoutMs, Math.max(0, timeoutMs - (now - (startedAt ?? createdAt))));

async function launch(context: Context, order: ExecutionOrder, row: Execution): Promise<Handle> {
  const { app, release, argv, env } = order;
  const engine = context.engines[row.engine];
  if (engine === undefined)
    throw new GantryError("engine-unavailable", {
      engine: row.engine,
      reason: "it is not part of this version",
    });
  const place = order.instance ?? {
    host: release.launch.host,
    port: release.launch.port,
    releaseId: release.id,
  };
  const files = context.output.filesOf(app.name, row.id);
  return await engine.start({
    instanceId: row.id,
    argv: argv.map((word) => fillPort(word, place)),
    cwd: release.launch.cwd,
    env: { ...prepareEnv(context, app, place, release.launch), ...env },
    logFile: files.out,
    errFile: files.err,
    resources: release.launch.resources,
  });
}

const startEvent = (app: App, row: Execution) => ({
  type: "execution.started" as const,
  appId: app.id,
  actor: row.actor,
  message: `${row.name} of ${app.name} runs`,
  data: { executionId: row.id, kind: row.kind, name: row.name },
});
