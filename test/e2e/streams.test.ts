// Promise 17: a change to one app never drops another's WebSocket or SSE stream, and nothing is held back.
import { expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { nodeApp, pythonApp } from "../helpers/apps.ts";
import type { Gantry } from "../helpers/gantry.ts";
import { open } from "../helpers/request.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { until } from "../helpers/until.ts";

const CLIENTS = 40;

function connect(gantry: Gantry, app: string): Promise<WebSocket> {
  const { port, headers = {} } = gantry.at(app);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers });
  onTestFinished(() => socket.terminate());
  return new Promise((resolve, reject) => {
    socket.on("open", () => resolve(socket));
    socket.on("error", reject);
  });
}

/** The numbers that a stream has brought so far; they grow. */
async function follow(gantry: Gantry, app: string): Promise<{ numbers: number[]; ended: () => boolean }> {
  const answer = await open({ ...gantry.at(app, "/events"), timeoutMs: 60_000 });
  const numbers: number[] = [];
  let ended = false;
  answer.on("data", (chunk: Buffer) => {
    for (const match of chunk.toString().matchAll(/data: (\d+)\n\n/g)) numbers.push(Number(match[1]));
  });
  for (const event of ["end", "error", "aborted"]) answer.on(event, () => (ended = true));
  onTestFinished(() => void answer.destroy());
  return { numbers, ended: () => ended };
}

const echo = (socket: WebSocket, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    socket.once("message", (data) => resolve(String(data)));
    socket.once("close", () => reject(new Error("closed")));
    socket.send(text);
  });

test("streams of one app outlive everything that happens to others", async () => {
  const gantry = await startGantry();
  await gantry.up({
    live: nodeApp({ env: { PER_SECOND: "0" } }),
    other: pythonApp({ env: { PER_SECOND: "0" } }),
  });
  const sockets = await Promise.all(Array.from({ length: CLIENTS }, () => connect(gantry, "live")));
  const streams = await Promise.all(Array.from({ length: CLIENTS }, () => follow(gantry, "live")));
  for (let round = 0; round < 3; round++) expect((await gantry.cli(["restart", "other"])).code).toBe(0);
  await gantry.api("POST", "/api/apps", { name: "third", path: gantry.folder, run: "sleep 1000" });
  await gantry.api("POST", "/api/apps/third/start");
  await gantry.cli(["stop", "other"]);
  await gantry.cli(["unregister", "third", "--force", "--yes"]);
  const answers = await Promise.all(sockets.map((socket, i) => echo(socket, `hello ${i}`)));
  expect(answers).toEqual(sockets.map((_, i) => `hello ${i}`));
  const length = streams[0]?.numbers.length ?? 0;
  await until("more events", () => (streams[0]?.numbers.length ?? 0) > length + 2);
  for (const { numbers, ended } of streams) {
    expect(ended()).toBe(false);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  }
});
