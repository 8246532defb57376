// The route table in force, swapped as a whole; what is in progress keeps its way.
import type { RouteTable, RouteTarget } from "../../domain/route.ts";
import { TrafficCounter } from "./traffic-counter.ts";
import { UpstreamPool } from "./upstream-pool.ts";

/** One app as the edge sees it; the object stays the same over table changes. */
export interface AppState {
  readonly name: string;
  /** null: the table no longer knows the app. */
  target: RouteTarget | null;
  pools: UpstreamPool[];
  /** Called once after the next table change. */
  readonly waiting: Set<() => void>;
  readonly traffic: TrafficCounter;
  /** Whose turn it is among equally busy instances. */
  turn: number;
}

const MAX_CACHED_HOSTS = 2_000;

export class LiveRoutes {
  version: number | null = null;
  private hosts = new Map<string, AppState>();
  private readonly cache = new Map<string, AppState | null>();
  private readonly apps = new Map<string, AppState>();
  private readonly pools = new Map<string, UpstreamPool>();

  /** Makes the table the one in force and lets held requests look again. */
  swap(table: RouteTable): void {
    const present = new Set<string>();
    for (const [name, target] of Object.entries(table.targets)) {
      const app = this.appNamed(name);
      app.target = target;
      app.pools = target.upstreams.map(({ instanceId, host, port }) => {
        const key = `${instanceId} ${host} ${port}`;
        present.add(key);
        return this.poolOf(key, instanceId, host, port);
      });
    }
    this.hosts = new Map(
      Object.entries(table.hosts).map(([host, name]) => [host.toLowerCase(), this.appNamed(name)]),
    );
    this.cache.clear();
    this.version = table.version;
    for (const [name, app] of this.apps) if (!Object.hasOwn(table.targets, name)) this.forget(name, app);
    for (const [key, pool] of this.pools) if (!present.has(key)) this.retire(key, pool);
    for (const app of [...this.apps.values()]) wake(app);
  }

  /** The app of a Host value, which may have any case, a port and a trailing dot. */
  find(host: string): AppState | null {
    const cached = this.cache.get(host);
    if (cached !== undefined) return cached;
    const name = plainHost(host);
    const app = this.hosts.get(name) ?? null;
    if (this.cache.size >= MAX_CACHED_HOSTS) this.cache.clear();
    this.cache.set(host, app);
    return app;
  }

  app(name: string): AppState | null {
    return this.apps.get(name) ?? null;
  }

  all(): Iterable<AppState> {
    return this.apps.values();
  }

  /** Closes connections to apps that have been idle for too long. */
  sweep(time: number, maxIdleMs: number): void {
    for (const pool of this.pools.values()) pool.sweep(time, maxIdleMs);
  }

  get hasIdle(): boolean {
    for (const pool of this.pools.values()) if (pool.hasIdle) return true;
    return false;
  }

  /** Calls back once no ordinary request to the instance is in flight. */
  whenDrained(instanceId: string, listener: () => void): void {
    const pools = [...this.pools.values()].filter(
      (pool) => pool.instanceId === instanceId && pool.inFlight > 0,
    );
    let open = pools.length;
    if (open === 0) listener();
    for (const pool of pools)
      pool.whenDrained(() => {
        if (--open === 0) listener();
      });
  }

  private appNamed(name: string): AppState {
    const known = this.apps.get(name);
    if (known !== undefined) return known;
    const app: AppState = {
      name,
      target: null,
      pools: [],
      waiting: new Set(),
      traffic: new TrafficCounter(name),
      turn: 0,
    };
    this.apps.set(name, app);
    return app;
  }

  private poolOf(key: string, instanceId: string, host: string, port: number): UpstreamPool {
    const pool = this.pools.get(key) ?? new UpstreamPool(instanceId, host, port);
    pool.revive();
    this.pools.set(key, pool);
    return pool;
  }

  private forget(name: string, app: AppState): void {
    app.target = null;
    app.pools = [];
    this.apps.delete(name);
    wake(app);
  }

  /** Stays known while anything is in flight, so that it can be drained. */
  private retire(key: string, pool: UpstreamPool): void {
    pool.retire();
    pool.whenDrained(() => {
      if (pool.isRetired && this.pools.get(key) === pool) this.pools.delete(key);
    });
  }
}

function wake(app: AppState): void {
  const waiting = [...app.waiting];
  app.waiting.clear();
  for (const look of waiting) look();
}

/** Lower case, without port and trailing dot. */
export function plainHost(host: string): string {
  const name = host.replace(/:\d*$/, "").toLowerCase();
  return name.endsWith(".") ? name.slice(0, -1) : name;
}
