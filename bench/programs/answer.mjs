// The fastest answer that Node can give, so that the edge has something to be measured against: / is tiny, /big has 100 KiB.
import { createServer } from "node:net";

const answer = (body) =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n`),
    body,
  ]);
const tiny = answer(Buffer.from("ok\n"));
const big = answer(Buffer.alloc(100 * 1024, "x"));

const server = createServer({ noDelay: true }, (socket) => {
  socket.on("data", (bytes) => socket.write(bytes.includes("/big") ? big : tiny));
  socket.on("error", () => undefined);
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
