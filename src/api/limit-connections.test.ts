import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { limitConnections } from "./limit-connections.ts";

const GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

async function start(most: number, answer: RequestListener): Promise<() => Promise<Socket>> {
  const server = createServer(answer);
  limitConnections(server, most);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return async () => {
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    const accepted = once(server, "connection");
    socket.on("error", () => undefined);
    await Promise.all([once(socket, "connect"), accepted]);
    return socket;
  };
}

const answered = async (socket: Socket): Promise<string> => {
  socket.write(GET);
  return String((await once(socket, "data"))[0]).slice(0, 12);
};

test("the one that waits longest gives way; an answered one waits again, behind the others", async () => {
  const open = await start(3, (_, response) => response.end());
  const [first, second, third] = [await open(), await open(), await open()];
  const ended = Promise.race([
    once(second, "close").then(() => "second"),
    once(third, "close").then(() => "third"),
  ]);
  expect(await answered(first)).toBe("HTTP/1.1 200");
  second.write(GET.slice(0, 20));
  const next = await open();
  expect(await ended).toBe("second");
  for (const socket of [next, first, third]) expect(await answered(socket)).toBe("HTTP/1.1 200");
});

test("where all have a request under way, a newcomer is refused, and none of them is ended", async () => {
  const streams: (() => void)[] = [];
  const open = await start(2, (_, response) => {
    response.write("so far");
    streams.push(() => response.end());
  });
  const [first, second] = [await open(), await open()];
  for (const socket of [first, second]) await answered(socket);
  const third = await open();
  await once(third, "close");
  for (const end of streams) end();
  for (const socket of [first, second]) await once(socket, "data");
  expect([first.destroyed, second.destroyed]).toEqual([false, false]);
});
