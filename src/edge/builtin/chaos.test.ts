// Broken clients and broken apps, at random, while the table changes: nothing is left behind and nothing throws.
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { afterEach, expect, it } from "vitest";
import { edgeLog, endAll, eventually, listen, sleep, startEdge, table, target } from "./edge-test-kit.ts";

afterEach(async () => {
  await endAll();
  expect(edgeLog.splice(0)).toEqual([]);
});

const FOR_MS = 4_000;
const HOST = "Host: notes.localhost\r\n";

const REQUESTS = [
  `GET / HTTP/1.1\r\n${HOST}\r\n`,
  `POST / HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\nhello`,
  `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
  `HEAD / HTTP/1.0\r\n${HOST}Connection: keep-alive\r\n\r\n`,
  `GET / HTTP/1.1\r\n${HOST}Connection: upgrade\r\nUpgrade: x\r\n\r\nabc`,
  `POST / HTTP/1.1\r\n${HOST}Expect: 100-continue\r\nContent-Length: 100000\r\n\r\n${"y".repeat(100_000)}`,
  "GET / HTTP/1.1\r\nHost: site.localhost\r\nRange: bytes=0-9\r\n\r\n",
];
const ANSWERS = [
  "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
  "HTTP/1.0 200 OK\r\n\r\nhello",
  "HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nabc",
  "HTTP/1.1 100 C\r\n\r\nHTTP/1.1 204 N\r\n\r\n",
  "HTTP/1.1 304 N\r\nContent-Length: 3\r\n\r\n",
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
  `HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n${"x".repeat(200_000)}`,
];
const SPLICES = ["\r\n", "\n", " ", ":", "0", "\0"];

/** Numbers that look random and come in the same order for the same seed. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Random = ReturnType<typeof createRandom>;

const pick = (random: Random, list: string[]): string => list[random(list.length)] ?? "";

/** Two of three messages are damaged near their beginning. */
function damaged(random: Random, message: string): Buffer {
  let text = message;
  if (random(3) === 0) return Buffer.from(text, "latin1");
  for (let count = random(3); count >= 0; count--) {
    const at = random(Math.min(text.length, 200));
    const [before, after] = [text.slice(0, at), text.slice(at)];
    const kind = random(4);
    if (kind === 0) text = before + String.fromCharCode(random(256)) + after.slice(1);
    else if (kind === 1) text = before + after.slice(1 + random(4));
    else if (kind === 2) text = before + pick(random, SPLICES) + after;
    else text = before;
  }
  return Buffer.from(text, "latin1");
}

function answerBadly(random: Random, socket: Socket): void {
  const answer = damaged(random, pick(random, ANSWERS));
  const manner = random(6);
  if (manner === 0) socket.destroy();
  else if (manner === 1) socket.resetAndDestroy();
  else if (manner === 2) socket.end(answer);
  else if (manner === 3) {
    socket.write(answer.subarray(0, answer.length >> 1));
    setTimeout(() => socket.writable && socket.write(answer.subarray(answer.length >> 1)), random(5));
  } else socket.write(answer);
}

function askBadly(random: Random, port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  const parts = Array.from({ length: 1 + random(3) }, () => damaged(random, pick(random, REQUESTS)));
  const bytes = Buffer.concat(parts);
  const cut = random(bytes.length + 1);
  const manner = random(4);
  if (manner === 0) socket.end(bytes);
  else socket.write(manner === 1 ? bytes.subarray(0, cut) : bytes);
  if (manner === 1) setTimeout(() => socket.writable && socket.write(bytes.subarray(cut)), random(10));
  if (manner === 2) setTimeout(() => socket.destroy(), random(30));
  const goodbye = setTimeout(() => socket.resetAndDestroy(), 1_000);
  socket.on("error", () => undefined);
  socket.on("data", () => random(20) === 0 && socket.destroy());
  return new Promise((resolve) => {
    socket.on("close", () => {
      clearTimeout(goodbye);
      resolve();
    });
  });
}

it("leaves no connection, no held request and no instance in use", async () => {
  const random = createRandom(20_261_120);
  const hasty = {
    headMs: 300,
    idleMs: 300,
    stallMs: 300,
    silenceMs: 300,
    lingerMs: 200,
    firstByteMs: 500,
    retryMs: 20,
  };
  const { edge, port } = await startEdge(hasty);
  const app = await listen(
    createServer((socket) => {
      socket.on("data", () => answerBadly(random, socket));
    }),
  );
  const site = target("site", [], { staticRoot: tmpdir() });
  const states = ["serve", "serve", "serve", "wait", "unavailable"] as const;
  const change = () => {
    const action = states[random(states.length)] ?? "serve";
    return edge.use(table(site, target("notes", action === "serve" ? app : [], { action, waitMs: 50 })));
  };
  await change();
  const end = Date.now() + FOR_MS;
  const asking = Array.from({ length: 40 }, async () => {
    while (Date.now() < end) await askBadly(random, port);
  });
  while (Date.now() < end) {
    await change();
    await sleep(20);
  }
  await Promise.all(asking);
  await eventually(() => edge.connections === 0, "the end of all connections");
  expect(edge.parts.waiting).toBe(0);
  await new Promise<void>((resolve) => edge.parts.routes.whenDrained(`notes-${app}`, resolve));
});
