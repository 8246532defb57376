// One request on its way: finds an instance, waits for one, tries again where that is safe, and sends the body.
import type { ClientConnection } from "./client-connection.ts";
import {
  badGateway,
  type Problem,
  stillStarting,
  tooManyWaiting,
  tooSlow,
  unavailable,
  unknownHost,
} from "./error-answer.ts";
import type { AppState } from "./live-routes.ts";
import type { RequestHead } from "./request-head.ts";
import { requestText } from "./request-text.ts";
import { ResponseRelay } from "./response-relay.ts";
import { serveStatic } from "./static-site.ts";
import type { UpstreamConnection, UpstreamUser } from "./upstream-connection.ts";
import { NOBODY } from "./upstream-connection.ts";
import type { UpstreamPool } from "./upstream-pool.ts";

const MAX_REPLAYS = 3;
const MAX_FRESH_REPLAYS = 2;
/** A request that is not idempotent only takes a connection that was in use a moment ago: it could not be sent twice. */
const FRESH_MS = 1_000;

export class Exchange implements UpstreamUser {
  readonly client: ClientConnection;
  readonly request: RequestHead;
  readonly app: AppState;
  readonly startedAt = performance.now();
  answerBegun = false;
  /** The answer is an event stream: it may last for ever and is not waited for. */
  isStream = false;
  private pool: UpstreamPool | null = null;
  private connection: UpstreamConnection | null = null;
  private reused = false;
  private replays = 0;
  private freshReplays = 0;
  private trouble = "it does not accept connections";
  private bodySent = false;
  private refusedBy: Set<UpstreamPool> | null = null;
  private heldSince = -1;
  private timer: NodeJS.Timeout | null = null;
  private answerDue = Number.POSITIVE_INFINITY;
  private over = false;
  // Made only where they are needed: most requests have no body and are never held.
  private lookAgain: (() => void) | null = null;
  private wantMore: (() => void) | null = null;

  constructor(client: ClientConnection, request: RequestHead, app: AppState) {
    this.client = client;
    this.request = request;
    this.app = app;
  }

  /** Answered, or nobody waits for the answer any more. */
  get isOver(): boolean {
    return this.over;
  }

  /** Nobody would miss it once the client has ended its side: it is held, or its answer lasts for ever. */
  get endsWithClient(): boolean {
    return this.isStream || this.timer !== null;
  }

  /** Does what the table says now. */
  route(): void {
    if (this.over) return;
    const target = this.app.target;
    if (target === null) this.fail(unknownHost(this.request.host));
    else if (target.action === "unavailable") this.fail(unavailable(target));
    else if (target.action === "wait") this.hold(false);
    else if (target.staticRoot !== null) serveStatic(this, target.staticRoot);
    else this.attempt();
  }

  private attempt(): void {
    const pool = this.leastBusy();
    if (pool === null) {
      this.hold(this.refusedBy !== null);
      return;
    }
    pool.begin();
    this.pool = pool;
    const { limits } = this.client.edge;
    const maxIdleMs = this.request.idempotent
      ? limits.upstreamIdleMs
      : Math.min(FRESH_MS, limits.upstreamIdleMs);
    const idle = this.replays + this.freshReplays > 0 ? null : pool.takeIdle(performance.now(), maxIdleMs);
    this.reused = idle !== null;
    if (idle === null) this.connection = pool.open(limits.connectMs, this);
    else {
      this.connection = idle;
      this.connected();
    }
  }

  /** The instance with the fewest requests in flight; among equals the one whose turn it is. */
  private leastBusy(): UpstreamPool | null {
    const pools = this.app.pools;
    if (pools.length === 1 && this.refusedBy === null) return pools[0] as UpstreamPool;
    this.app.turn = (this.app.turn + 1) % Math.max(1, pools.length);
    let best: UpstreamPool | null = null;
    for (let index = 0; index < pools.length; index++) {
      const pool = pools[(index + this.app.turn) % pools.length] as UpstreamPool;
      if (this.refusedBy?.has(pool)) continue;
      if (best === null || pool.inFlight < best.inFlight) best = pool;
    }
    return best;
  }

  /** Keeps the request, its body unread, until the table changes or the time is over. */
  private hold(unreachable: boolean): void {
    const { edge } = this.client;
    const target = this.app.target;
    if (target === null) {
      this.fail(unknownHost(this.request.host));
      return;
    }
    const now = performance.now();
    if (this.heldSince === -1) this.heldSince = now;
    const left = this.heldSince + target.waitMs - now;
    if (left <= 0) {
      this.fail(unreachable ? badGateway(target.app, this.trouble) : stillStarting(target));
      return;
    }
    if (edge.waiting >= edge.limits.maxWaiting) {
      this.fail(tooManyWaiting(target.app));
      return;
    }
    edge.waiting++;
    this.lookAgain ??= () => {
      this.stopHolding();
      this.refusedBy = null;
      this.route();
    };
    this.app.waiting.add(this.lookAgain);
    this.timer = setTimeout(this.lookAgain, unreachable ? Math.min(left, edge.limits.retryMs) : left);
  }

  private stopHolding(): void {
    if (this.timer === null || this.lookAgain === null) return;
    clearTimeout(this.timer);
    this.timer = null;
    this.app.waiting.delete(this.lookAgain);
    this.client.edge.waiting--;
  }

  /** There is a connection: sends the head, and lets the body follow. */
  connected(): void {
    const connection = this.connection as UpstreamConnection;
    const { request, client } = this;
    const relay = new ResponseRelay(this, connection, this.pool as UpstreamPool);
    connection.user = relay;
    this.answerDue = client.edge.time + client.edge.limits.firstByteMs;
    const head = requestText(request, this.pool as UpstreamPool, client.forwarded.for(request.host));
    if (!request.hasBody) {
      connection.socket.write(head, "latin1");
      return;
    }
    connection.socket.cork();
    connection.socket.write(head, "latin1");
    this.wantMore ??= () => client.bodyWanted();
    connection.socket.on("drain", this.wantMore);
    client.openBody();
    connection.socket.uncork();
  }

  /** Takes data of the body from the client; chunked bodies are cut anew. */
  sendBody(bytes: Buffer, start: number, end: number): void {
    this.bodySent = true;
    const socket = this.connection?.socket;
    if (socket === undefined || socket.destroyed) return;
    if (!this.request.fields.chunked) {
      socket.write(bytes.subarray(start, end));
      return;
    }
    socket.cork();
    socket.write(`${(end - start).toString(16)}\r\n`, "latin1");
    socket.write(bytes.subarray(start, end));
    socket.write("\r\n", "latin1");
    socket.uncork();
  }

  bodyComplete(): void {
    const socket = this.connection?.socket;
    this.answerDue = this.client.edge.time + this.client.edge.limits.firstByteMs;
    if (this.request.fields.chunked && socket !== undefined && !socket.destroyed)
      socket.write("0\r\n\r\n", "latin1");
  }

  /** The app takes the body more slowly than the client sends it. */
  get congested(): boolean {
    return this.connection?.socket.writableNeedDrain === true;
  }

  // As user of a connection that is being opened:
  received(): boolean {
    return false;
  }
  ended(): void {}

  /** The instance does not take the connection: another one may, or the table is about to change. */
  lost(): void {
    const pool = this.release();
    if (this.over || pool === null) return;
    this.refusedBy = (this.refusedBy ?? new Set()).add(pool);
    this.route();
  }

  /**
   * The connection went away before a byte of the answer had come. One that had been idle was most likely closed by the
   * app at that moment: the request goes out again at once. On a new one the app may be about to end: another instance
   * or a moment's wait comes first, and a request that ends apps does not get many of them.
   */
  unanswered(reason: string): void {
    const pool = this.release();
    if (this.over || pool === null) return;
    this.trouble = reason;
    const tries = this.reused ? MAX_REPLAYS : MAX_FRESH_REPLAYS;
    const done = this.reused ? this.replays++ : this.freshReplays++;
    if (this.bodySent || !this.request.idempotent || done >= tries) {
      this.fail(badGateway(this.app.name, reason));
      return;
    }
    if (!this.reused) this.refusedBy = (this.refusedBy ?? new Set()).add(pool);
    this.client.holdBody();
    this.route();
  }

  /** The instance has done its part; true once. */
  release(): UpstreamPool | null {
    const { pool, connection } = this;
    if (this.wantMore !== null) connection?.socket.off("drain", this.wantMore);
    this.pool = null;
    this.connection = null;
    pool?.finish();
    return pool;
  }

  /** The stream goes on, but nobody waits for its end when the instance is drained. */
  uncount(): void {
    this.pool?.finish();
    this.pool = null;
    this.isStream = true;
  }

  begun(status: number): void {
    this.answerBegun = true;
    this.answerDue = Number.POSITIVE_INFINITY;
    this.app.traffic.answered(status, performance.now() - this.startedAt);
  }

  /** The answer is complete. */
  complete(persists: boolean): void {
    this.over = true;
    this.release();
    this.client.finished(persists);
  }

  /** Answers in the edge's own words, or breaks off where the answer has begun. */
  fail(problem: Problem): void {
    if (this.over) return;
    if (this.answerBegun) {
      this.client.socket.destroy();
      return;
    }
    this.over = true;
    this.release();
    this.begun(problem.status);
    this.client.answer(problem, this.request);
  }

  /** The client is gone or can't be understood: so is its request. */
  abandon(): void {
    this.over = true;
    this.stopHolding();
    const { connection } = this;
    this.release();
    if (connection !== null) {
      connection.user = NOBODY;
      connection.destroy();
    }
  }

  sweep(time: number): void {
    if (time < this.answerDue || !this.client.bodyDone) return;
    const { connection } = this;
    this.release();
    if (connection !== null) {
      connection.user = NOBODY;
      connection.destroy();
    }
    this.fail(tooSlow(this.app.name));
  }
}
