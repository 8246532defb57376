// One connection of a client: reads requests one after the other and keeps its time limits.
import type { Socket } from "node:net";
import { type BodyDecoder, ChunkedDecoder, LengthDecoder } from "./body-decoder.ts";
import type { EdgeParts } from "./edge-parts.ts";
import { type Problem, refused, renderProblem, unknownHost } from "./error-answer.ts";
import { Exchange } from "./exchange.ts";
import { ForwardedLines } from "./forwarded-lines.ts";
import { INCOMPLETE, Refusal } from "./http-syntax.ts";
import type { RequestHead } from "./request-head.ts";
import { RequestReader } from "./request-reader.ts";
import type { Tunnel } from "./tunnel.ts";
import { WriteProgress } from "./write-progress.ts";

const MAX_PIPELINED = 64 * 1024;
const MAX_DISCARDED = 4 * 1024 * 1024;

/** idle: between requests. head: part of a head has come. busy: a request is in progress. closing: only the end is awaited. */
type Phase = "idle" | "head" | "busy" | "closing";

export class ClientConnection {
  readonly socket: Socket;
  readonly edge: EdgeParts;
  readonly forwarded: ForwardedLines;
  /** The app of a forward's listener; null: the Host decides. */
  readonly fixedApp: string | null;
  tunnel: Tunnel | null = null;
  private phase: Phase = "head";
  private deadline: number;
  private pending: Buffer | null = null;
  private readonly reader = new RequestReader();
  private exchange: Exchange | null = null;
  private body: BodyDecoder | null = null;
  private bodyOpen = false;
  private ended = false;
  private reading = false;
  private discarded = 0;
  private readonly progress = new WriteProgress();

  constructor(socket: Socket, edge: EdgeParts, fixedApp: string | null) {
    this.socket = socket;
    this.edge = edge;
    this.fixedApp = fixedApp;
    this.forwarded = new ForwardedLines((socket.remoteAddress ?? "unknown").replace(/^::ffff:/, ""));
    this.deadline = edge.time + edge.limits.headMs;
    socket.on("data", (bytes: Buffer) => this.received(bytes));
    socket.on("end", () => this.clientEnded());
    socket.on("drain", () => this.readOn());
    socket.on("error", () => undefined);
    socket.on("close", () => this.gone());
  }

  /** Without a whole request: the first to go when there is no room, or when the edge stops. */
  get isWaitingForHead(): boolean {
    return this.phase === "idle" || this.phase === "head";
  }

  private received(bytes: Buffer): void {
    if (this.tunnel !== null) this.tunnel.fromClient(bytes);
    else if (this.phase === "closing") this.discarded += bytes.length;
    else if (this.bodyOpen) this.feedBody(bytes);
    else if (this.exchange === null) this.readRequests(bytes);
    else this.keep(bytes);
  }

  /** Bytes that nobody can use yet; beyond a bound the client has to wait. */
  private keep(bytes: Buffer): void {
    this.pending = joined(this.pending, bytes);
    if (this.pending.length > MAX_PIPELINED) {
      this.socket.pause();
      this.allowSilence();
    }
  }

  private get readsRequests(): boolean {
    return this.exchange === null && this.tunnel === null && this.phase !== "closing";
  }

  private readRequests(first: Buffer): void {
    this.reading = true;
    this.pending = joined(this.pending, first);
    while (this.pending !== null && this.readsRequests) {
      const bytes: Buffer = this.pending;
      this.pending = null;
      if (this.socket.writableNeedDrain) {
        this.keep(bytes);
        break;
      }
      if (!this.readRequest(bytes)) break;
    }
    this.reading = false;
    if (this.ended && this.readsRequests && !this.socket.writableNeedDrain) this.close();
  }

  /** Reads one request; false when there is none yet, or none to come. */
  private readRequest(bytes: Buffer): boolean {
    const request = this.reader.read(bytes);
    if (!(request instanceof Refusal)) {
      this.begin(request, bytes);
      return true;
    }
    if (request === INCOMPLETE) this.awaitHead(bytes);
    else this.refuse(refused(request.status, request.reason));
    return false;
  }

  private awaitHead(bytes: Buffer): void {
    if (this.phase === "idle") this.deadline = this.edge.time + this.edge.limits.headMs;
    this.phase = "head";
    this.pending = bytes;
  }

  private begin(request: RequestHead, bytes: Buffer): void {
    this.phase = "busy";
    this.noHurry();
    this.pending = request.fields.end < bytes.length ? bytes.subarray(request.fields.end) : null;
    if (request.hasBody) {
      this.body = request.fields.chunked
        ? new ChunkedDecoder()
        : new LengthDecoder(request.fields.contentLength);
      this.socket.pause();
    }
    const { routes } = this.edge;
    const app = this.fixedApp === null ? routes.find(request.host) : routes.app(this.fixedApp);
    if (app === null) this.answer(unknownHost(request.host), request);
    else {
      this.exchange = new Exchange(this, request, app);
      this.exchange.route();
    }
  }

  /** The app takes the body now. */
  openBody(): void {
    this.bodyOpen = true;
    this.deadline = this.edge.time + this.edge.limits.stallMs;
    const bytes = this.pending;
    this.pending = null;
    if (bytes !== null) this.feedBody(bytes);
    if (!this.bodyDone) this.socket.resume();
  }

  /** The body has to wait again: nothing of it was sent yet, and the app is asked anew. */
  holdBody(): void {
    if (this.bodyDone) return;
    this.bodyOpen = false;
    this.deadline = Number.POSITIVE_INFINITY;
    this.socket.pause();
  }

  private feedBody(bytes: Buffer): void {
    const { body, exchange } = this;
    if (body === null || exchange === null) return;
    const end = body.feed(bytes, 0, bytes.length, (data, from, to) => exchange.sendBody(data, from, to));
    if (end === -1) {
      exchange.abandon();
      this.refuse(refused(400, "its chunked body is malformed"));
      return;
    }
    this.deadline = this.edge.time + this.edge.limits.stallMs;
    if (body.done) {
      this.bodyOpen = false;
      exchange.bodyComplete();
      this.socket.resume();
      this.noHurry();
      if (end < bytes.length) this.keep(bytes.subarray(end));
    } else if (exchange.congested) {
      this.socket.pause();
      this.allowSilence();
    }
  }

  /** The app has room for more of the body. */
  bodyWanted(): void {
    if (!this.bodyOpen) return;
    this.deadline = this.edge.time + this.edge.limits.stallMs;
    this.socket.resume();
  }

  get bodyDone(): boolean {
    return this.body === null || this.body.done;
  }

  /** A client that ended its side may still have sent requests that are to be answered. */
  private get mayGoOn(): boolean {
    return (!this.ended || this.pending !== null) && !this.edge.stopping;
  }

  /** Does the connection go on after the answer to this request? */
  persists(request: RequestHead): boolean {
    return request.persists && this.mayGoOn && this.phase === "busy";
  }

  /** Answers in the edge's own words. */
  answer(problem: Problem, request: RequestHead): void {
    const persists = this.persists(request) && this.bodyDone;
    this.socket.write(renderProblem(problem, request, !persists), "latin1");
    this.finished(persists);
  }

  /** Ends a connection whose further bytes can't be trusted or do not come, with a word on why where that is possible. */
  private refuse(problem: Problem): void {
    if (this.exchange?.answerBegun) this.socket.destroy();
    else this.socket.write(renderProblem(problem, null, true), "latin1");
    this.finished(false);
  }

  /** From now on bytes only pass through. */
  enterTunnel(tunnel: Tunnel): void {
    this.tunnel = tunnel;
    this.exchange = null;
    const bytes = this.pending;
    this.pending = null;
    if (bytes !== null) tunnel.fromClient(bytes);
    if (this.ended) tunnel.clientEnded();
    this.socket.resume();
  }

  /** The answer is written as a whole. */
  finished(persists: boolean): void {
    const goesOn = persists && this.bodyDone && this.mayGoOn;
    this.exchange = null;
    this.body = null;
    this.bodyOpen = false;
    if (!goesOn) {
      this.close();
      return;
    }
    this.phase = "idle";
    this.deadline = this.edge.time + this.edge.limits.idleMs;
    if (this.pending !== null) this.readOn();
    else if (this.socket.isPaused()) this.socket.resume();
  }

  /** Goes on with what came during the last request. */
  private readOn(): void {
    const bytes = this.pending;
    if (bytes === null || this.reading || !this.readsRequests || this.socket.writableNeedDrain) return;
    this.pending = null;
    this.readRequests(bytes);
    if (this.readsRequests) this.socket.resume();
  }

  /** Ends the connection after what is written; reads on for a while, because closing with unread bytes would reset it. */
  close(): void {
    if (this.socket.destroyed) return;
    this.phase = "closing";
    this.pending = null;
    this.deadline = this.edge.time + this.edge.limits.lingerMs;
    this.socket.end();
    this.socket.resume();
  }

  private clientEnded(): void {
    this.ended = true;
    if (this.tunnel !== null) this.tunnel.clientEnded();
    else if (this.exchange === null) this.close();
    else if (!this.bodyDone || this.exchange.endsWithClient) this.socket.destroy();
    this.allowSilence();
  }

  private gone(): void {
    this.tunnel?.clientGone();
    this.exchange?.abandon();
    this.exchange = null;
  }

  /** Ends what takes too long; called about once a second. */
  sweep(time: number): void {
    this.exchange?.sweep(time);
    const stuck = this.progress.isStuck(this.socket, time, 2 * this.edge.limits.stallMs);
    if (stuck && this.tunnel === null) this.socket.destroy();
    else if (time >= this.deadline || this.discarded > MAX_DISCARDED) this.expire();
  }

  /** It is the app's turn. A client that is not read from, or has ended its side, may be gone: only answers that move keep it. */
  private noHurry(): void {
    this.deadline = Number.POSITIVE_INFINITY;
    if (this.ended || this.socket.isPaused()) this.allowSilence();
  }

  private allowSilence(): void {
    if (this.phase === "busy") this.deadline = this.edge.time + this.edge.limits.silenceMs;
  }

  private expire(): void {
    if (this.phase === "closing") {
      if (this.socket.writableLength === 0) this.socket.destroy();
    } else if (this.phase === "idle" || (this.pending === null && this.phase === "head")) this.close();
    else if (this.phase === "busy" && (this.bodyDone || this.socket.isPaused())) {
      if (this.progress.moved(this.socket)) this.allowSilence();
      else this.socket.destroy();
    } else {
      this.exchange?.abandon();
      this.refuse(refused(408, "it came too slowly"));
    }
  }
}

const joined = (first: Buffer | null, second: Buffer): Buffer =>
  first === null ? second : Buffer.concat([first, second]);
