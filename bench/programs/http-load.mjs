// A small load client for machines without wrk: kept connections, one request at a time on each. Prints one line of JSON.
import { connect } from "node:net";

const [port, host, path, connections, seconds] = process.argv.slice(2);
const request = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
const latencies = [];
const end = performance.now() + Number(seconds) * 1000;
let open = Number(connections);
let failures = 0;

function work() {
  const socket = connect({ port: Number(port), host: "127.0.0.1", noDelay: true });
  let sentAt = 0;
  let left = -1;
  let finished = false;
  const ask = () => {
    if (performance.now() >= end) {
      finished = true;
      socket.end();
      return;
    }
    sentAt = performance.now();
    left = -1;
    socket.write(request);
  };
  socket.on("connect", ask);
  socket.on("data", (bytes) => {
    if (left === -1) {
      const head = bytes.indexOf("\r\n\r\n") + 4;
      const text = bytes.toString("latin1", 0, head);
      if (!text.startsWith("HTTP/1.1 200")) failures++;
      left = Number(/content-length: (\d+)/i.exec(text)?.[1]) - (bytes.length - head);
    } else left -= bytes.length;
    if (left > 0) return;
    latencies.push(performance.now() - sentAt);
    ask();
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    if (!finished) failures++;
    if (--open === 0) report();
  });
}

function report() {
  latencies.sort((a, b) => a - b);
  const p99 = latencies[Math.floor(latencies.length * 0.99)] ?? 0;
  process.stdout.write(
    `${JSON.stringify({ perSecond: latencies.length / Number(seconds), p99, failures })}\n`,
  );
}

for (let index = 0; index < Number(connections); index++) work();
