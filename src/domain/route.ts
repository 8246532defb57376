// Host names and where their requests go: the table that the edge swaps as a whole.

/** One ready instance, as the edge reaches it. */
export interface Upstream {
  instanceId: string;
  host: string;
  port: number;
}

/**
 * What the edge does with a request for an app.
 * `serve`: to one of `upstreams`, or from `staticRoot`. `wait`: hold the request until the table changes or `waitMs` is
 * over. `unavailable`: answer 503 (404 for `stopped`/`disabled` is wrong: the app exists) with a page that says why.
 */
export interface RouteTarget {
  app: string;
  /** The app's state as shown to people (`running`, `stopped`, `failed`…). */
  state: string;
  action: "serve" | "wait" | "unavailable";
  upstreams: Upstream[];
  staticRoot: string | null;
  waitMs: number;
  /** One sentence for the page of an unavailable app; plain text, may hold anything. */
  reason: string | null;
}

/** A stable loopback port that forwards to an app, so that dependants keep one address over restarts. */
export interface Forward {
  port: number;
  app: string;
  /** `http`: request by request, survives restarts unseen. `tcp`: byte for byte. */
  mode: "http" | "tcp";
}

export interface RouteTable {
  /** Rises by one with each change; the edge confirms the version that it uses. */
  version: number;
  /** Lower-case host name without port and trailing dot → app name. */
  hosts: Record<string, string>;
  /** App name → target. */
  targets: Record<string, RouteTarget>;
  forwards: Forward[];
}

/** Per app, since the edge's last report; latencies in milliseconds to the first byte. */
export interface TrafficReport {
  app: string;
  requests: number;
  /** Answers 5xx of the app or the edge. */
  errors: number;
  clientErrors: number;
  /** Counts by upper bound 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, ∞. */
  latencyBuckets: number[];
  bytesOut: number;
}

/** The daemon's hold on the edge process. */
export interface EdgeControl {
  /**
   * Makes the table the one in force: stores it where a starting edge finds it and hands it to the running one.
   * Resolves when the running edge confirmed it, or at once when no edge is connected. Never rejects.
   */
  publish(table: RouteTable): Promise<void>;
  /** Resolves when no ordinary request to the instance is in flight (streams and WebSockets do not count), or after `timeoutMs`. */
  drain(instanceId: string, timeoutMs: number): Promise<void>;
  /** Is an edge connected, and which table does it use? */
  status(): { connected: boolean; version: number | null; connections: number };
  /** Called with each report of the edge (about every 5 s when there was traffic). */
  onTraffic(listener: (reports: TrafficReport[]) => void): () => void;
  close(): void;
}
