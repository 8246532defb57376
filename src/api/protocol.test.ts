import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/helpers/api.ts";
import { sendRaw } from "../../test/helpers/raw.ts";
import type { Answer } from "../../test/helpers/request.ts";

let on: TestApi;
beforeAll(async () => {
  on = await createTestApi();
});
afterAll(() => on.end());

const errorOf = (answer: Answer) => answer.json<{ error: { code: string } }>().error;

describe("the protocol", () => {
  const head = () => `Host: 127.0.0.1:${on.port}\r\nConnection: close\r\n`;

  test("two lengths, or a length and chunks, are refused", async () => {
    const both = await sendRaw(
      on.port,
      `POST /api/apps HTTP/1.1\r\n${head()}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    );
    expect(both).toMatch(/^HTTP\/1\.1 400 /);
    const two = await sendRaw(
      on.port,
      `POST /api/apps HTTP/1.1\r\n${head()}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`,
    );
    expect(two).toMatch(/^HTTP\/1\.1 400 /);
  });

  test("a request without Host, or with two, is refused", async () => {
    expect(await sendRaw(on.port, "GET /health HTTP/1.1\r\nConnection: close\r\n\r\n")).toMatch(
      /^HTTP\/1\.1 400 /,
    );
    expect(await sendRaw(on.port, "GET /health HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1\.1 403 /);
    expect(await sendRaw(on.port, `GET /health HTTP/1.1\r\nHost: evil.example\r\n${head()}\r\n`)).toMatch(
      /^HTTP\/1\.1 40[03] /,
    );
  });

  test("huge headers are refused", async () => {
    const answer = await sendRaw(
      on.port,
      `GET /health HTTP/1.1\r\n${head()}X: ${"x".repeat(20_000)}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(answer).toContain('"code":"large-headers"');
  });

  test("hundreds of slow senders keep nobody out", async () => {
    const slow = Array.from({ length: 500 }, () => {
      const socket = connect(on.port, "127.0.0.1", () => socket.write("GET /health HTTP/1.1\r\nHost: "));
      return socket.on("error", () => {});
    });
    try {
      await Promise.all(slow.map((socket) => new Promise((resolve) => socket.once("connect", resolve))));
      expect((await on.remote("GET", "/health")).status).toBe(200);
    } finally {
      for (const socket of slow) socket.destroy();
    }
  });

  test("an absolute target does not smuggle a host in", async () => {
    expect(
      await sendRaw(
        on.port,
        `GET http://127.0.0.1:${on.port}/health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
      ),
    ).toMatch(/^HTTP\/1\.1 40[34] /);
  });
});

describe("stale changes", () => {
  test("are refused with 412; a fresh one passes and gives the next tag", async () => {
    await on.addApp("ledger");
    const { etag } = (await on.local("GET", "/api/apps/ledger")).headers;
    const change = (tag: string, port: number) =>
      on.local("PATCH", "/api/apps/ledger", { body: { port }, headers: { "if-match": tag } });
    expect((await change('"1"', 5001)).status).toBe(412);
    const done = await change(String(etag), 5002);
    expect([done.status, done.json<{ port: number }>().port]).toEqual([200, 5002]);
    const again = await change(String(etag), 5003);
    expect([again.status, errorOf(again).code]).toEqual([412, "stale"]);
    expect((await change(String(done.headers.etag), 5003)).status).toBe(200);
    expect((await change("*", 5004)).status).toBe(200);
    for (const [method, path] of [
      ["DELETE", ""],
      ["POST", "/start"],
      ["PUT", ""],
    ] as const)
      expect(
        (
          await on.local(method, `/api/apps/ledger${path}`, {
            ...(method === "PUT" && { body: {} }),
            headers: { "if-match": '"1"' },
          })
        ).status,
      ).toBe(412);
  });
});

describe("a bug", () => {
  test("shows an id that the log knows, and nothing else", async () => {
    const { events } = on.context.store;
    on.context.store.events = () => Promise.reject(new Error("secret detail of the inside"));
    try {
      const answer = await on.local("GET", "/api/events?limit=3", {
        headers: { accept: "application/json" },
      });
      const { id, code } = answer.json<{ error: { id: string; code: string } }>().error;
      expect([answer.status, code]).toEqual([500, "internal"]);
      expect(answer.text).not.toContain("secret");
      expect(on.logged.at(-1)?.details).toMatchObject({ id, method: "GET", path: "/api/events" });
    } finally {
      on.context.store.events = events;
    }
  });
});
