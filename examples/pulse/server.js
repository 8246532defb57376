// Everybody who has the page open hears everybody's taps (WebSocket) and sees the server's own pulse (SSE).
// Alone: npm install && npm start
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

const port = Number(process.env.PORT ?? 8003);
const host = process.env.HOST ?? "127.0.0.1";
const page = await readFile(new URL("./page.html", import.meta.url));
const listeners = new Set();
let beat = 0;

function vitals() {
  const memoryMb = Math.round(process.memoryUsage.rss() / 1e6);
  return { beat, memoryMb, people: sockets.clients.size, pid: process.pid, upSeconds: Math.round(process.uptime()) };
}

const pages = {
  "/": (_, response) => response.setHeader("content-type", "text/html; charset=utf-8").end(page),
  "/health": (_, response) => response.setHeader("content-type", "application/json").end('{"ok":true}'),
  "/events"(request, response) {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(`data: ${JSON.stringify(vitals())}\n\n`);
    listeners.add(response);
    request.on("close", () => listeners.delete(response));
  },
};

const server = createServer((request, response) => {
  const answer = pages[new URL(request.url ?? "/", "http://pulse").pathname];
  if (answer) answer(request, response);
  else response.writeHead(404).end("There is nothing here.\n");
});

const sockets = new WebSocketServer({ server, path: "/taps", maxPayload: 1024 });
sockets.on("connection", (socket) => {
  socket.on("error", () => socket.terminate());
  socket.on("message", (data) => {
    const tap = data.toString();
    if (!/^\{"x":[\d.]{1,8},"y":[\d.]{1,8},"hue":\d{1,3}\}$/.test(tap)) return;
    for (const client of sockets.clients) client.send(tap);
  });
});

setInterval(() => {
  beat++;
  for (const listener of listeners) listener.write(`data: ${JSON.stringify(vitals())}\n\n`);
  if (beat % 60 === 0) console.log(`${beat} beats, ${sockets.clients.size} people`);
}, 1000);

process.on("SIGTERM", () => {
  for (const client of sockets.clients) client.close(1001, "restarting");
  for (const listener of listeners) listener.end();
  server.close(() => process.exit(0));
});

server.listen(port, host, () => console.log(`pulse on http://${host}:${port}`));
