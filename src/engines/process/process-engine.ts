// The engine that runs apps as plain processes of this machine: a shim, an app, files; nothing holds on to the daemon.
import { createHash } from "node:crypto";
import { mkdirSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { StopRule } from "../../domain/app.ts";
import type { Engine, LaunchOrder, Observation, StopReport } from "../../domain/engine.ts";
import { GantryError } from "../../domain/errors.ts";
import type { Exit, Handle } from "../../domain/instance.ts";
import { firstChild, hasProcessTable, readProcess } from "../../lib/processes.ts";
import { signalNumber } from "../../lib/signals.ts";
import { survey } from "./adoption.ts";
import { type Belongings, byGroup, byMark } from "./belongings.ts";
import { endOf } from "./end-of.ts";
import { isAlive, type ProcessHandle, readHandle } from "./handle.ts";
import { openInstanceGroups } from "./instance-groups.ts";
import { joinLate } from "./join-late.ts";
import { type LaunchPlace, launch } from "./launch.ts";
import { PortProofs, portsOf } from "./ports.ts";
import { type SharedScans, shareScans } from "./process-scan.ts";
import { readExitFile } from "./shim.ts";
import { Spare } from "./spare.ts";
import { Standbys } from "./standbys.ts";
import { type Deadline, type StopTarget, stopEverything } from "./stop.ts";
import { describeTier } from "./tier.ts";
import { type Tracked, Tracker } from "./tracker.ts";
import { useOf } from "./use.ts";

export interface ProcessEngineOptions {
  /** GANTRY_HOME; `run/` in it holds the status files. */
  home: string;
  log?: (message: string, details: Record<string, unknown>) => void;
  /** "mark" does without the v2 control groups, as on systems that have none. */
  tier?: "best" | "mark";
}

/** A start that comes later than this after the one before is alone. */
const ALONE_MS = 50;

export function createProcessEngine(options: ProcessEngineOptions): Engine {
  return new ProcessEngine(options);
}

class ProcessEngine implements Engine {
  readonly name = "process";
  readonly #place: LaunchPlace;
  readonly #scans: SharedScans;
  readonly #tracker: Tracker;
  readonly #standbys: Standbys;
  readonly #ports = new PortProofs();
  readonly #log: (message: string, details: Record<string, unknown>) => void;
  readonly #stops = new Map<string, { report: Promise<StopReport>; deadline: Deadline }>();
  /** Instances whose processes are not yet in their group. */
  readonly #joining = new Map<string, Promise<void>>();
  #lastStartAt = Number.NEGATIVE_INFINITY;
  readonly #waiting = new Map<string, () => void>();
  /** What was alive before this engine started anything; null until it was looked for. */
  #earlier: Map<string, ProcessHandle> | null = null;

  constructor(options: ProcessEngineOptions) {
    mkdirSync(join(options.home, "run"), { recursive: true, mode: 0o700 });
    const home = realpathSync(options.home);
    const homeId = createHash("sha256").update(home).digest("hex").slice(0, 12);
    this.#log = options.log ?? (() => {});
    this.#place = {
      homeId,
      groups: openInstanceGroups(homeId, options.tier !== "mark"),
      spare: new Spare(),
      exitFile: (instanceId) => join(home, "run", `${instanceId}.exit`),
    };
    this.#scans = shareScans(homeId);
    this.#tracker = new Tracker(join(home, "run"), homeId, this.#log);
    this.#standbys = new Standbys(join(home, "run"), homeId);
    this.#tracker.onEnd((instanceId) => this.#waiting.get(instanceId)?.());
  }

  async probe() {
    if (hasProcessTable()) return { available: true, tier: describeTier(this.#place.groups.tree) };
    return { available: true, tier: "process groups (apps are not found again after a restart of Gantry)" };
  }

  async start(order: LaunchOrder, signal?: AbortSignal): Promise<Handle> {
    signal?.throwIfAborted();
    const { instanceId } = order;
    const running = this.#tracker.get(instanceId) ?? this.#findAgain(instanceId);
    if (running !== undefined && this.#standbys.has(instanceId)) {
      if (await this.#standbys.become(order, running.handle)) return running.handle;
      await this.remove(instanceId, running.handle);
    } else if (running !== undefined && !running.ended) return running.handle;
    return await this.#launch(order);
  }

  async prepare(order: LaunchOrder): Promise<Handle> {
    const variable = await this.#standbys.open(order.instanceId);
    try {
      return await this.#launch({ ...order, env: { ...order.env, ...variable } });
    } catch (error) {
      this.#standbys.drop(order.instanceId);
      throw error;
    }
  }

  async #launch(order: LaunchOrder): Promise<Handle> {
    const { instanceId } = order;
    // To enter a group takes a lone start some 15 ms, but one of many almost nothing.
    const alone = performance.now() - this.#lastStartAt > ALONE_MS;
    const { child, handle, since, release, warnings } = launch(order, this.#place, alone);
    this.#lastStartAt = performance.now();
    this.#tracker.addChild(instanceId, handle, child);
    for (const warning of warnings) this.#log(warning, { instanceId });
    await order.stored;
    await release();
    if (alone) this.#join(instanceId, handle, since);
    this.#place.spare.prepare();
    return handle;
  }

  inspect(instanceId: string, handle: Handle): Observation {
    const tracked = this.#tracker.recent(instanceId);
    if (tracked !== undefined && tracked.handle.pid === handle.pid) {
      if (tracked.ended) return endOf(tracked.handle, tracked.exit);
      tracked.appPid ??= firstChild(tracked.handle.pid);
      return { status: "running", pid: tracked.appPid };
    }
    const known = readHandle(handle);
    if (known === null) return { status: "ended", exit: null };
    const exit = readExitFile(this.#place.exitFile(instanceId));
    if (exit !== null) return endOf(known, exit);
    if (!hasProcessTable()) return { status: "unknown", reason: "this system does not tell about processes" };
    if (isAlive(known, instanceId, this.#place.homeId))
      return { status: "running", pid: firstChild(known.pid) };
    // The status may have been written between the two looks.
    return endOf(known, readExitFile(this.#place.exitFile(instanceId)));
  }

  async stop(instanceId: string, handle: Handle, rule: StopRule, signal?: AbortSignal): Promise<StopReport> {
    const number = signalNumber(rule.signal);
    if (number === undefined)
      throw new GantryError("invalid-input", { reason: `there is no signal ${rule.signal}`, field: "stop" });
    const at = performance.now() + rule.timeoutMs;
    const running = this.#stops.get(instanceId);
    if (running !== undefined) {
      // One polite request is enough: many programs take the second one for "at once". But the hurry counts.
      running.deadline.at = Math.min(running.deadline.at, at);
      return running.report;
    }
    const deadline = { at };
    const report = this.#end(instanceId, readHandle(handle), number, deadline, signal);
    this.#stops.set(instanceId, { report, deadline });
    try {
      return await report;
    } finally {
      this.#stops.delete(instanceId);
    }
  }

  async remove(instanceId: string, handle: Handle | null): Promise<void> {
    const known = readHandle(handle);
    this.#standbys.drop(instanceId);
    await this.#joining.get(instanceId);
    const target = this.#target(instanceId, known);
    if (!target.mainEnded() || (await target.belongings.list()).length > 0)
      await stopEverything(target, 9, { at: performance.now() });
    this.#place.groups.remove(instanceId, known?.limits.split(":").filter(Boolean) ?? []);
    rmSync(this.#place.exitFile(instanceId), { force: true });
    this.#tracker.forget(instanceId);
    this.#ports.forget(instanceId);
  }

  portOwner(instanceId: string, handle: Handle, host: string, port: number) {
    return this.#ports.ownerOf({
      instanceId,
      host,
      port,
      members: () => this.#belongings(instanceId, readHandle(handle)).peek(),
      kin: () => [...this.#tracker.all()].flatMap(([id, other]) => this.#belongings(id, other.handle).peek()),
    });
  }

  isSuspended(instanceId: string, handle: Handle): boolean {
    const seen = this.inspect(instanceId, handle);
    return seen.status === "running" && seen.pid !== null && readProcess(seen.pid)?.state === "T";
  }

  listeningPorts(instanceId: string, handle: Handle): number[] {
    return portsOf(() => this.#belongings(instanceId, readHandle(handle)).peek());
  }

  async stats(instanceId: string, handle: Handle) {
    const known = readHandle(handle);
    return useOf(this.#belongings(instanceId, known).peek(), known?.cgroup ?? null);
  }

  async adopt(known: { instanceId: string; handle: Handle | null }[]) {
    const mine = new Map<string, Handle>();
    const rest = known.filter(({ instanceId }) => {
      const tracked = this.#tracker.get(instanceId);
      if (tracked !== undefined && !tracked.ended) mine.set(instanceId, tracked.handle);
      return tracked === undefined;
    });
    const found = survey(this.#place, rest);
    this.#earlier ??= new Map([...found.orphans, ...found.alive]);
    for (const [instanceId, handle] of found.alive) {
      this.#tracker.addAdopted(instanceId, handle);
      if (found.strayed.has(instanceId)) this.#join(instanceId, handle);
    }
    if (found.alive.size > 0) this.#place.spare.prepare();
    const orphans = new Map<string, Handle>(found.orphans);
    for (const { instanceId } of known) orphans.delete(instanceId);
    return { alive: new Map<string, Handle>([...mine, ...found.alive]), orphans };
  }

  onEnd(listener: (instanceId: string) => void): () => void {
    return this.#tracker.onEnd(listener);
  }

  close(): void {
    this.#place.spare.close();
    this.#standbys.close();
    this.#tracker.close();
    this.#place.groups.close();
  }

  async #end(
    instanceId: string,
    handle: ProcessHandle | null,
    number: number,
    deadline: Deadline,
    signal?: AbortSignal,
  ): Promise<StopReport> {
    await this.#joining.get(instanceId);
    return stopEverything(this.#target(instanceId, handle), number, deadline, signal);
  }

  #join(instanceId: string, handle: ProcessHandle, since = handle.pid): void {
    if (handle.cgroup === null) return;
    const joined = joinLate(handle.cgroup, handle, since, instanceId, this.#place.homeId)
      .then((complete) => {
        if (!complete) this.#log("not all processes could be moved into their group", { instanceId });
      })
      .finally(() => {
        if (this.#joining.get(instanceId) === joined) this.#joining.delete(instanceId);
      });
    this.#joining.set(instanceId, joined);
  }

  /** An instance that an earlier daemon started and that was not yet adopted. One look serves all. */
  #findAgain(instanceId: string): Tracked | undefined {
    this.#earlier ??= survey(this.#place, []).orphans;
    const handle = this.#earlier.get(instanceId);
    if (handle === undefined || !isAlive(handle, instanceId, this.#place.homeId)) return undefined;
    this.#tracker.addAdopted(instanceId, handle);
    return this.#tracker.get(instanceId);
  }

  #belongings(instanceId: string, handle: ProcessHandle | null): Belongings {
    const cgroup = handle === null ? this.#place.groups.pathOf(instanceId) : handle.cgroup;
    const byItsMark = byMark(instanceId, handle, this.#place.homeId, this.#scans);
    if (cgroup === null) return byItsMark;
    // What an earlier daemon started may not have come into its group as a whole.
    const isSure = this.#tracker.get(instanceId)?.own === true;
    const strayed = (members: number[]): boolean =>
      handle === null ||
      (members.length === 0 && !isSure) ||
      (!members.includes(handle.pid) && isAlive(handle, instanceId, this.#place.homeId));
    return byGroup(cgroup, strayed, byItsMark);
  }

  #target(instanceId: string, handle: ProcessHandle | null): StopTarget {
    const mainEnded = (): boolean => {
      this.#tracker.check(instanceId);
      const tracked = this.#tracker.get(instanceId);
      if (tracked !== undefined) return tracked.ended;
      return handle === null || !isAlive(handle, instanceId, this.#place.homeId);
    };
    const exit = (): Exit | null =>
      this.#tracker.get(instanceId)?.exit ?? readExitFile(this.#place.exitFile(instanceId));
    return {
      instanceId,
      shimPid: handle?.pid ?? 0,
      belongings: this.#belongings(instanceId, handle),
      mainEnded,
      exit,
      news: (ms) => this.#news(instanceId, ms),
    };
  }

  #news(instanceId: string, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        if (this.#waiting.get(instanceId) === done) this.#waiting.delete(instanceId);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#waiting.set(instanceId, done);
    });
  }
}
