// Brings an app's answer to the client: head checked and rewritten, body passed on as it comes, never more than one read ahead.
import { type BodyDecoder, ChunkedDecoder, CloseDecoder, LengthDecoder } from "./body-decoder.ts";
import type { ClientConnection } from "./client-connection.ts";
import { badGateway } from "./error-answer.ts";
import type { Exchange } from "./exchange.ts";
import { INCOMPLETE, MAX_RESPONSE_HEAD, Refusal } from "./http-syntax.ts";
import { type ResponseHead, readResponseHead } from "./response-head.ts";
import { Tunnel } from "./tunnel.ts";
import { HEADROOM, type UpstreamConnection, type UpstreamUser } from "./upstream-connection.ts";
import type { UpstreamPool } from "./upstream-pool.ts";

/** Up to here head and body are copied into one write, and the memory is free at once. */
const SMALL = 8 * 1024;
const MAX_INTERIM = 32;
const EMPTY = Buffer.alloc(0);

export class ResponseRelay implements UpstreamUser {
  private readonly exchange: Exchange;
  private readonly client: ClientConnection;
  private readonly connection: UpstreamConnection;
  private readonly pool: UpstreamPool;
  private stage: "head" | "body" | "done" = "head";
  private partial: Buffer | null = null;
  private interim = 0;
  private decoder: BodyDecoder | null = null;
  /** The client gets the body in chunks. */
  private chunked = false;
  private persists = true;
  /** The connection to the app may serve another request. */
  private reusable = false;
  private answered = false;

  constructor(exchange: Exchange, connection: UpstreamConnection, pool: UpstreamPool) {
    this.exchange = exchange;
    this.client = exchange.client;
    this.connection = connection;
    this.pool = pool;
  }

  connected(): void {}

  received(bytes: Buffer, length: number): boolean {
    this.answered = true;
    if (this.stage === "head") return this.readHead(bytes, length);
    if (this.stage === "body") return this.relayBody(bytes, 0, length);
    this.connection.destroy();
    return false;
  }

  private readHead(given: Buffer, givenLength: number): boolean {
    let [bytes, length, start] = [given, givenLength, 0];
    if (this.partial !== null) {
      bytes = Buffer.concat([this.partial, given.subarray(0, givenLength)]);
      length = bytes.length;
      this.partial = null;
    }
    for (;;) {
      const head = readResponseHead(bytes, start, length);
      if (head instanceof Refusal) {
        if (head !== INCOMPLETE || length - start > MAX_RESPONSE_HEAD) return this.broken(head.reason);
        this.partial = Buffer.from(bytes.subarray(start, length));
        return true;
      }
      if (head.status >= 200) return this.begin(head, bytes, start, length, bytes === given);
      if (head.status === 101) return this.upgrade(head, bytes.subarray(head.fields.end, length));
      if (++this.interim > MAX_INTERIM) return this.broken("it sends interim answers without end");
      if (this.wantsInterim(head))
        this.client.socket.write(`${statusLine(head)}${head.fields.kept}\r\n`, "latin1");
      start = head.fields.end;
    }
  }

  /** RFC 9110 section 15.2: interim answers are for HTTP/1.1 clients; 100 only for those that asked. */
  private wantsInterim({ status }: ResponseHead): boolean {
    const { request } = this.exchange;
    return request.minor === 1 && (status !== 100 || request.fields.expect !== "");
  }

  private begin(
    head: ResponseHead,
    bytes: Buffer,
    start: number,
    length: number,
    inWindow: boolean,
  ): boolean {
    const { exchange, client } = this;
    const { request } = exchange;
    exchange.begun(head.status);
    this.frame(head);
    this.persists = this.persists && client.persists(request);
    if (head.isEventStream) exchange.uncount();
    this.stage = "body";
    const bodyStart = head.fields.end;
    const text = this.headText(head, bytes, start);
    const whole = this.decoder === null || (!this.chunked && this.decoder instanceof LengthDecoder);
    const available = length - bodyStart;
    if (this.decoder === null || (whole && available <= SMALL)) {
      const end = this.decoder === null ? bodyStart : this.decoder.feed(bytes, bodyStart, length, ignore);
      client.socket.write(end > bodyStart ? text + bytes.toString("latin1", bodyStart, end) : text, "latin1");
      exchange.app.traffic.sent(text.length + end - bodyStart);
      return this.wentThrough(end < length);
    }
    exchange.app.traffic.sent(text.length);
    if (whole && inWindow && text.length <= HEADROOM)
      return this.writeTogether(text, bytes, bodyStart, length);
    client.socket.write(text, "latin1");
    return this.relayBody(bytes, bodyStart, length);
  }

  /** RFC 9112 section 6.3: how long the body is, and how the client learns its end. */
  private frame(head: ResponseHead): void {
    const { request } = this.exchange;
    const { fields, status } = head;
    this.reusable = head.persists;
    if (request.method === "HEAD" || status === 204 || status === 304) return;
    if (fields.contentLength !== -1) {
      this.decoder = new LengthDecoder(fields.contentLength);
      return;
    }
    this.decoder = fields.chunked ? new ChunkedDecoder() : new CloseDecoder();
    if (!fields.chunked) this.reusable = false;
    this.chunked = request.minor === 1;
    if (!this.chunked) this.persists = false;
  }

  private headText(head: ResponseHead, bytes: Buffer, start: number): string {
    const { fields } = head;
    const { request } = this.exchange;
    const plain = this.persists && request.minor === 1 && !this.chunked && head.status !== 204;
    if (plain && fields.untouched && head.minor === 1 && head.reason !== "")
      return bytes.toString("latin1", start, fields.end);
    let text = statusLine(head);
    text += head.status === 204 ? fields.kept.replace(/^content-length:[^\r\n]*\r\n/im, "") : fields.kept;
    if (this.chunked) text += "Transfer-Encoding: chunked\r\n";
    if (!this.persists) text += "Connection: close\r\n";
    else if (request.minor === 0) text += "Connection: keep-alive\r\n";
    return `${text}\r\n`;
  }

  /** Puts the head right before the body in the connection's memory, so that both are one write. */
  private writeTogether(text: string, bytes: Buffer, bodyStart: number, length: number): boolean {
    const decoder = this.decoder as BodyDecoder;
    const end = decoder.feed(bytes, bodyStart, length, ignore);
    const memory = this.connection.memory;
    const from = HEADROOM + bodyStart - text.length;
    memory.write(text, from, "latin1");
    this.client.socket.write(memory.subarray(from, HEADROOM + end));
    this.exchange.app.traffic.sent(end - bodyStart);
    return this.wentThrough(end < length);
  }

  private relayBody(bytes: Buffer, start: number, length: number): boolean {
    const { decoder } = this;
    if (decoder === null) return this.wentThrough(length > start);
    const { socket } = this.client;
    if (this.chunked) socket.cork();
    const end = decoder.feed(bytes, start, length, (data, from, to) =>
      this.chunked ? this.sendChunk(data, from, to) : this.sendPlain(data, from, to),
    );
    if (end !== -1 && decoder.done && this.chunked) socket.write("0\r\n\r\n", "latin1");
    if (this.chunked) socket.uncork();
    if (end === -1) return this.broken("its chunked body is malformed");
    this.exchange.app.traffic.sent(end - start);
    return this.wentThrough(end < length);
  }

  private sendPlain(bytes: Buffer, start: number, end: number): void {
    this.client.socket.write(bytes.subarray(start, end));
  }

  private sendChunk(bytes: Buffer, start: number, end: number): void {
    const { socket } = this.client;
    socket.write(`${(end - start).toString(16)}\r\n`, "latin1");
    socket.write(bytes.subarray(start, end));
    socket.write("\r\n", "latin1");
  }

  /** After each write: ends the answer when it is whole, and reads on once the client has taken everything. */
  private wentThrough(surplus: boolean): boolean {
    const { socket } = this.client;
    if (surplus) this.reusable = false;
    const taken = socket.writableLength === 0;
    if (this.decoder !== null && !this.decoder.done) {
      if (!taken) socket.write(EMPTY, () => this.connection.resume());
      return taken;
    }
    this.stage = "done";
    if (!this.client.bodyDone) this.reusable = false;
    if (taken) this.letGo();
    else socket.write(EMPTY, () => this.letGo());
    this.exchange.complete(this.persists);
    return taken;
  }

  /** Returns the connection for the next request, or closes it; only now is nothing of its memory needed any more. */
  private letGo(): void {
    if (!this.reusable || this.client.socket.destroyed) {
      this.connection.discard();
      if (!this.client.socket.destroyed) this.connection.recycle();
      return;
    }
    this.pool.giveBack(this.connection, performance.now());
    this.connection.resume();
  }

  private upgrade(head: ResponseHead, rest: Buffer): boolean {
    const { exchange, client, connection } = this;
    if (!exchange.request.asksUpgrade) return this.broken("it changes the protocol unasked");
    exchange.begun(101);
    exchange.uncount();
    this.stage = "done";
    const lines = `Connection: Upgrade\r\nUpgrade: ${head.fields.upgrade}\r\n`;
    client.socket.write(`${statusLine(head)}${head.fields.kept}${lines}\r\n`, "latin1");
    const tunnel = new Tunnel(client.socket, connection, (bytes) => exchange.app.traffic.sent(bytes));
    connection.user = tunnel;
    client.enterTunnel(tunnel);
    return rest.length === 0 || tunnel.received(rest, rest.length);
  }

  ended(): void {
    if (this.stage === "head") {
      this.lost(null);
      return;
    }
    if (this.stage !== "body") return;
    if (!(this.decoder instanceof CloseDecoder)) {
      this.truncated();
      return;
    }
    this.stage = "done";
    if (this.chunked) this.client.socket.write("0\r\n\r\n", "latin1");
    this.connection.discard();
    this.exchange.complete(this.persists);
  }

  lost(error: Error | null): void {
    if (this.stage === "done") return;
    if (this.stage === "body") {
      this.truncated();
      return;
    }
    this.stage = "done";
    this.connection.discard();
    const reason = "it closed the connection before it had answered";
    if (this.answered || this.partial !== null)
      this.exchange.fail(badGateway(this.exchange.app.name, reason));
    else this.exchange.unanswered(error === null ? reason : `${reason} (${error.message})`);
  }

  /** The client must not take a part for the whole: its connection is broken off. */
  private truncated(): void {
    this.stage = "done";
    this.connection.discard();
    this.exchange.release();
    this.client.socket.destroy();
  }

  private broken(reason: string): boolean {
    if (this.stage === "body") this.truncated();
    else {
      this.stage = "done";
      this.connection.discard();
      this.exchange.release();
      this.exchange.fail(badGateway(this.exchange.app.name, reason));
    }
    return false;
  }
}

const statusLine = ({ status, reason }: ResponseHead): string => `HTTP/1.1 ${status} ${reason}\r\n`;

const ignore = (): void => undefined;
