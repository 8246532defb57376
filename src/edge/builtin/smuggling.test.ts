// What reaches the app is what was meant: random and hostile byte streams, cut anywhere, against a server of another make.
import { createServer } from "node:http";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { edgeLog, endAll, listen, RawClient, rawApp, startEdge, table, target } from "./edge-test-kit.ts";

interface Asked {
  method: string;
  url: string;
  mark: string | undefined;
  body: string;
}

describe("any stream of good requests", () => {
  const seen: Asked[] = [];
  let port = 0;

  beforeAll(async () => {
    const server = createServer({ insecureHTTPParser: false }, (request, response) => {
      let body = "";
      request.setEncoding("latin1");
      request.on("data", (text) => {
        body += text;
      });
      request.on("end", () => {
        const { method = "", url = "", headers } = request;
        seen.push({ method, url, mark: headers["x-mark"]?.toString(), body });
        response.end(`${seen.length}`);
      });
    });
    const started = await startEdge();
    port = started.port;
    await started.edge.use(table(target("notes", await listen(server))));
  });
  afterAll(endAll);

  const noise = fc.constantFrom(
    "", "\r\n\r\n", "GET /evil HTTP/1.1\r\nHost: notes.localhost\r\n\r\n", "0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n",
    "POST /evil HTTP/1.1\r\nHost: notes.localhost\r\nContent-Length: 3\r\n\r\nabc", "\0\xff\n\r", "x".repeat(3000),
  ); // biome-ignore format: a list
  const request = fc.record({
    method: fc.constantFrom("GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"),
    url: fc.constantFrom("/", "//a", "/a/../b?c", "/%2e%2e/%0d%0aX:y", "/?q=GET%20/"),
    mark: fc.constantFrom("a", "b: c", "chunked", "GET / HTTP/1.1", "\t x \xe9"),
    bodies: fc.array(noise, { maxLength: 3 }),
    chunked: fc.boolean(),
    extension: fc.constantFrom("", ";a=b", ';q="x"'),
    extra: fc.constantFrom("", "X-Y: z\r\n", "Connection: X-Y\r\n", "Content_Length: 3\r\nTransfer_Encoding: chunked\r\n", "TE: chunked\r\n"),
  }); // biome-ignore format: a list

  type Plan = typeof request extends fc.Arbitrary<infer Value> ? Value : never;

  function wire({ method, url, mark, bodies, chunked, extension, extra }: Plan): string {
    const head = `${method} ${url} HTTP/1.1\r\nHost: notes.localhost\r\nX-Mark:${mark} \r\n${extra}`;
    if (!chunked) return `${head}Content-Length: ${bodies.join("").length}\r\n\r\n${bodies.join("")}`;
    const chunks = bodies
      .filter((each) => each !== "")
      .map((each) => `${each.length.toString(16)}${extension}\r\n${each}\r\n`);
    return `${head}Transfer-Encoding: chunked\r\n\r\n${chunks.join("")}0\r\nX-Trailer: 1\r\n\r\n`;
  }

  it("arrives request by request, in order, with its bodies, and each gets its own answer", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(request, { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 }),
        async (plans, cuts) => {
          seen.length = 0;
          const client = new RawClient(port);
          const text = plans.map(wire).join("");
          for (let start = 0, cut = 0; start < text.length; cut++) {
            const end = start + (cuts[cut] ?? text.length);
            client.send(text.slice(start, end));
            start = end;
          }
          await client.until(
            (all) => all.split("HTTP/1.1 200").length === plans.length + 1 && /\d$/.test(all),
          );
          client.socket.destroy();
          expect(seen).toEqual(
            plans.map(({ method, url, mark, bodies }) => ({
              method,
              url,
              mark: mark.trim(),
              body: bodies.join(""),
            })),
          );
        },
      ),
      { numRuns: 150 },
    );
    expect(edgeLog.splice(0)).toEqual([]);
  });
});

describe("a hostile stream", () => {
  afterEach(async () => {
    await endAll();
    expect(edgeLog.splice(0)).toEqual([]);
  });

  const host = "Host: notes.localhost\r\n";
  const evil = `GET /evil HTTP/1.1\r\n${host}\r\n`;

  it.each([
    [
      "CL.TE",
      `POST / HTTP/1.1\r\n${host}Content-Length: ${5 + evil.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${evil}`,
    ],
    [
      "TE.CL",
      `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n${evil.length.toString(16)}\r\n${evil}\r\n0\r\n\r\n`,
    ],
    [
      "TE.TE with a strange one",
      `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n${evil}`,
    ],
    [
      "TE with a tab before the colon",
      `POST / HTTP/1.1\r\n${host}Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n${evil}`,
    ],
    ["a folded TE", `POST / HTTP/1.1\r\n${host}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n${evil}`],
    [
      "two lengths",
      `POST / HTTP/1.1\r\n${host}Content-Length: 0\r\nContent-Length: ${evil.length}\r\n\r\n${evil}`,
    ],
    ["a length with a sign", `POST / HTTP/1.1\r\n${host}Content-Length: +0\r\n\r\n${evil}`],
    [
      "a header after a bare LF",
      `GET / HTTP/1.1\r\n${host}X: y\nContent-Length: ${evil.length}\r\n\r\n${evil}`,
    ],
    [
      "a header after a bare CR",
      `GET / HTTP/1.1\r\n${host}X: y\rContent-Length: ${evil.length}\r\n\r\n${evil}`,
    ],
    ["a size with 0x", `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n${evil}`],
    [
      "a chunk that ends with a bare LF",
      `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n${evil}`,
    ],
    [
      "an extension with a bare LF",
      `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n0;\n\r\n\r\n${evil}`,
    ],
    ["a length beyond 2^64", `POST / HTTP/1.1\r\n${host}Content-Length: 18446744073709551616\r\n\r\n${evil}`],
    ["a target with a line end", `GET /\r\n${host}\r\n${evil}`],
    ["a second request line", `GET / HTTP/1.1 ${evil}`],
    ["two Hosts", `GET / HTTP/1.1\r\n${host}Host: other\r\n\r\n${evil}`],
  ])("with %s is refused, and nothing behind it reaches the app", async (_name, text) => {
    const { edge, port } = await startEdge({ lingerMs: 100 });
    let reached = "";
    const app = await rawApp((seen, socket) => {
      reached = seen;
      if (seen.endsWith("\r\n\r\n") && !seen.includes("chunked"))
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    });
    await edge.use(table(target("notes", app)));
    const answer = await new RawClient(port).send(text).all();
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer.split("HTTP/1.1 ").length).toBe(2);
    expect(reached).not.toContain("evil");
    expect(reached).not.toMatch(/0\r\n\r\n$/);
  });

  it("with a body that looks like a request gives the app one request", async () => {
    const { edge, port } = await startEdge();
    const requests: string[] = [];
    const app = await listen(
      createServer((request, response) => {
        requests.push(request.url ?? "");
        request.resume().on("end", () => response.end());
      }),
    );
    await edge.use(table(target("notes", app)));
    const client = new RawClient(port);
    client.send(`GET /1 HTTP/1.1\r\n${host}Content-Length: ${evil.length}\r\n\r\n${evil}`);
    await client.until((text) => text.includes("200 OK"));
    client.send(`GET /2 HTTP/1.1\r\n${host}Content_Length: 5\r\nConnection: close, content-length\r\n\r\n`);
    await client.all();
    expect(requests).toEqual(["/1", "/2"]);
  });
});
