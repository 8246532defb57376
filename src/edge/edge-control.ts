// The daemon's hold on the edge: stores each table, hands it to every running edge process, and asks them to drain.
import { type FSWatcher, mkdirSync, readdirSync, unlinkSync, watch } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EdgeControl, RouteTable, TrafficReport } from "../domain/route.ts";
import { EdgeLink, type EdgeLinkEvents } from "./edge-link.ts";
import { controlSocketPid, ROUTES_FILE } from "./protocol.ts";

export interface EdgeControlOptions {
  /** The folder that the edge process knows as GANTRY_EDGE_DIR; made if it is missing. */
  dir: string;
  log: { warn(message: string, details?: Record<string, unknown>): void };
  /** How long an edge may take to confirm a table before the daemon goes on without it; default 5,000 ms. */
  confirmMs?: number;
}

const POLL_MS = 1_000;
const RETRY_MS = [20, 50, 100, 200, 400, 800];

export const createEdgeControl = (options: EdgeControlOptions): EdgeControl => new EdgeLinks(options);

class EdgeLinks implements EdgeControl {
  private readonly options: EdgeControlOptions;
  private readonly links = new Map<string, EdgeLink>();
  private readonly listeners = new Set<(reports: TrafficReport[]) => void>();
  private readonly watcher: FSWatcher | null;
  private table: RouteTable | null = null;
  private storing: Promise<void> = Promise.resolve();
  private drains = 0;
  private closed = false;
  private timer: NodeJS.Timeout | null = null;
  private poller: NodeJS.Timeout | undefined;
  /** Attempts without success, by the socket's name. */
  private readonly retries = new Map<string, number>();

  constructor(options: EdgeControlOptions) {
    this.options = options;
    mkdirSync(options.dir, { recursive: true, mode: 0o700 });
    this.watcher = this.watch();
    this.look();
  }

  /** Costs nothing while nothing happens; only where the system has no watch left are edges looked for each second. */
  private watch(): FSWatcher | null {
    const { dir, log } = this.options;
    try {
      const watcher = watch(dir, (_event, name) => {
        if (name === null || controlSocketPid(name) !== null) this.look();
      });
      return watcher.on("error", (error) =>
        log.warn("the edge's folder is not watched", { error: error.message }),
      );
    } catch (error) {
      log.warn("the edge's folder can't be watched", { error: (error as Error).message });
      this.poller = setInterval(() => this.look(), POLL_MS);
      return null;
    }
  }

  async publish(table: RouteTable): Promise<void> {
    this.table = table;
    this.storing = this.storing.then(() => this.store(table));
    const links = [...this.links.values()].filter((link) => link.ready);
    const used = Promise.all(links.map((link) => link.send(table)));
    await within(Promise.all([this.storing, used]), this.options.confirmMs ?? 5_000, () =>
      this.options.log.warn("an edge did not confirm the routes in time", { version: table.version }),
    );
  }

  async drain(instanceId: string, timeoutMs: number): Promise<void> {
    const id = ++this.drains;
    const links = [...this.links.values()].filter((link) => link.ready);
    await within(Promise.all(links.map((link) => link.drain(id, instanceId))), timeoutMs, () => undefined);
  }

  status(): { connected: boolean; version: number | null; connections: number } {
    const links = [...this.links.values()].filter((link) => link.ready);
    const versions = links.map((link) => link.version).filter((version) => version !== null);
    return {
      connected: links.length > 0,
      version: versions.length === 0 ? null : Math.min(...versions),
      connections: links.reduce((sum, link) => sum + link.connections, 0),
    };
  }

  onTraffic(listener: (reports: TrafficReport[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    this.closed = true;
    this.watcher?.close();
    clearInterval(this.poller);
    if (this.timer !== null) clearTimeout(this.timer);
    for (const link of this.links.values()) link.close();
  }

  /** The file is whole at any time: a starting edge sees the old table or the new one. */
  private async store(table: RouteTable): Promise<void> {
    if (this.table !== table) return;
    const path = join(this.options.dir, ROUTES_FILE);
    try {
      await writeFile(`${path}.new`, JSON.stringify(table), { mode: 0o600 });
      await rename(`${path}.new`, path);
    } catch (error) {
      this.options.log.warn("the routes could not be stored", { error: (error as Error).message });
    }
  }

  /** Connects to each edge that has a socket and no connection yet. */
  private look(): void {
    if (this.closed) return;
    let names: string[] = [];
    try {
      names = readdirSync(this.options.dir);
    } catch (error) {
      this.options.log.warn("the edge's folder can't be read", { error: (error as Error).message });
    }
    for (const name of names)
      if (controlSocketPid(name) !== null && !this.links.has(name))
        this.links.set(name, new EdgeLink(this.options.dir, name, this.events));
  }

  private readonly events: EdgeLinkEvents = {
    opened: (link) => {
      this.retries.delete(link.name);
      if (this.table !== null) void link.send(this.table);
    },
    traffic: (reports) => {
      for (const listener of this.listeners) listener(reports);
    },
    problem: (sentence) => this.options.log.warn(sentence),
    closed: (link, refused) => this.linkClosed(link, refused),
  };

  /** A socket that nobody listens on is just being made, or was left over by an edge that was killed. */
  private linkClosed(link: EdgeLink, refused: boolean): void {
    this.links.delete(link.name);
    if (this.closed) return;
    if (refused && !isAlive(controlSocketPid(link.name))) {
      removeQuietly(join(this.options.dir, link.name));
      return;
    }
    const retry = this.retries.get(link.name) ?? 0;
    this.retries.set(link.name, retry + 1);
    const ms = RETRY_MS[retry];
    if (ms === undefined) this.retries.delete(link.name);
    else this.lookSoon(ms);
  }

  private lookSoon(ms: number): void {
    if (this.timer !== null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.look();
    }, ms);
  }
}

function isAlive(pid: number | null): boolean {
  try {
    return pid !== null && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Somebody else was faster.
  }
}

/** Waits for `work` but not longer than `ms`. */
async function within(work: Promise<unknown>, ms: number, late: () => void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      late();
      resolve();
    }, ms);
  });
  await Promise.race([work, timeout]);
  clearTimeout(timer);
}
