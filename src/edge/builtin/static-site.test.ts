// Static apps: what is served, how, and what never is.
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  CLOSE,
  edgeLog,
  endAll,
  exchange,
  get,
  RawClient,
  startEdge,
  table,
  target,
} from "./edge-test-kit.ts";

let base = "";
let port = 0;

beforeEach(async () => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "gantry-static-")));
  const root = join(base, "site");
  mkdirSync(join(root, "docs/deep"), { recursive: true });
  mkdirSync(join(root, ".well-known"));
  mkdirSync(join(root, ".git"));
  mkdirSync(join(base, "site-evil"));
  const files = {
    "site/index.html": "<h1>home</h1>",
    "site/a b.TXT": "0123456789",
    "site/docs/index.html": "docs",
    "site/.well-known/x.txt": "known",
    "site/.git/config": "secret",
    "site/.env": "secret",
    "site/gantry.yaml": "secret",
    "site/strange.zzz": "bytes",
    "secret.txt": "secret",
    "site-evil/secret.txt": "secret",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(base, name), text);
  utimesSync(join(root, "a b.TXT"), 1_700_000_000, 1_700_000_000);
  symlinkSync(join(base, "secret.txt"), join(root, "link-out"));
  symlinkSync(base, join(root, "folder-out"));
  symlinkSync(join(base, "site-evil"), join(root, "sibling"));
  symlinkSync(join(root, ".env"), join(root, "link-hidden"));
  symlinkSync(join(root, "docs"), join(root, "link-in"));
  execFileSync("mkfifo", [join(root, "pipe")]);
  const { edge, port: listening } = await startEdge();
  await edge.use(table(target("site", [], { staticRoot: root })));
  port = listening;
});

afterEach(async () => {
  await endAll();
  rmSync(base, { recursive: true, force: true });
  expect(edgeLog.splice(0)).toEqual([]);
});

const fetchPath = (path: string, more = ""): Promise<string> =>
  exchange(port, get(path, "site.localhost", more + CLOSE));
const statusOf = (answer: string): number => Number(answer.slice(9, 12));
const bodyOf = (answer: string): string => answer.slice(answer.indexOf("\r\n\r\n") + 4);

describe("a static app", () => {
  it("serves files, index pages and well-known names with their types", async () => {
    for (const [path, body, type] of [
      ["/", "<h1>home</h1>", "text/html; charset=utf-8"],
      ["/?x=/../y", "<h1>home</h1>", "text/html; charset=utf-8"],
      ["/a%20b.TXT", "0123456789", "text/plain; charset=utf-8"],
      ["/docs/", "docs", "text/html; charset=utf-8"],
      ["/link-in/", "docs", "text/html; charset=utf-8"],
      ["/.well-known/x.txt", "known", "text/plain; charset=utf-8"],
      ["/strange.zzz", "bytes", "application/octet-stream"],
    ] as const) {
      const answer = await fetchPath(path);
      expect([path, statusOf(answer), bodyOf(answer)]).toEqual([path, 200, body]);
      expect(answer).toContain(`Content-Type: ${type}\r\n`);
      expect(answer).toContain("X-Content-Type-Options: nosniff\r\n");
    }
  });

  it.each([
    "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%2e%2e%2fsecret.txt", "/docs/../../secret.txt",
    "/docs%2findex.html", "/..\\secret.txt", "/%5c..%5csecret.txt", "/../site-evil/secret.txt", "/index.html%00.txt",
    "/%", "/%zz", "/%c0%ae%c0%ae/secret.txt", "/.env", "/%2eenv", "/gantry.yaml", "/Gantry.yml", "/.git/config", "/link-out", "/folder-out/secret.txt",
    "/sibling/secret.txt",
    "/link-hidden", "/pipe", "/docs/deep", "/docs/deep/", "/index.html/", "//index.html", "//evil.test/", "/docs//", "/none",
    `/${"x".repeat(5000)}`, `/${"d/".repeat(2000)}`,
  ])("has nothing at %s", async (path) => {
    const answer = await fetchPath(path);
    expect(statusOf(answer)).toBe(404);
    expect(answer).not.toContain("secret\n");
    expect(bodyOf(answer)).not.toBe("secret");
  }); // biome-ignore format: a list

  it("sends folders to their address with a slash, on this host only", async () => {
    const answer = await fetchPath("/docs?a=b");
    expect(answer).toMatch(/^HTTP\/1\.1 301 /);
    expect(answer).toContain("\r\nLocation: /docs/?a=b\r\n");
  });

  it("shows its own 404 page", async () => {
    writeFileSync(join(base, "site/404.html"), "not here");
    const answer = await fetchPath("/none");
    expect([statusOf(answer), bodyOf(answer)]).toEqual([404, "not here"]);
  });

  it("answers HEAD without a body and refuses to be written", async () => {
    const client = new RawClient(port).send(get("/", "site.localhost").replace("GET", "HEAD"));
    expect(await client.until((text) => text.endsWith("\r\n\r\n"))).toContain("Content-Length: 13\r\n");
    client.send(`POST / HTTP/1.1\r\nHost: site.localhost\r\n${CLOSE}Content-Length: 1\r\n\r\nx`);
    const answer = await client.all();
    expect(answer).toContain("405 Method Not Allowed\r\n");
    expect(answer).toContain("Allow: GET, HEAD\r\n");
  });

  it("says 304 to those who have it", async () => {
    const first = await fetchPath("/a%20b.TXT");
    const etag = /ETag: (.*)\r\n/.exec(first)?.[1];
    const modified = /Last-Modified: (.*)\r\n/.exec(first)?.[1];
    expect(modified).toBe("Tue, 14 Nov 2023 22:13:20 GMT");
    for (const condition of [
      `If-None-Match: "x", W/${etag}`,
      "If-None-Match: *",
      `If-Modified-Since: ${modified}`,
    ]) {
      const answer = await fetchPath("/a%20b.TXT", `${condition}\r\n`);
      expect([condition, statusOf(answer), bodyOf(answer)]).toEqual([condition, 304, ""]);
    }
    for (const condition of [
      'If-None-Match: "x"',
      `If-None-Match: "x"\r\nIf-Modified-Since: ${modified}`,
      "If-Modified-Since: Tue, 14 Nov 2023 22:13:19 GMT",
      "If-Modified-Since: soon",
    ])
      expect(statusOf(await fetchPath("/a%20b.TXT", `${condition}\r\n`))).toBe(200);
  });

  it.each([
    ["bytes=0-3", 206, "0123"],
    ["bytes=4-", 206, "456789"],
    ["bytes=-2", 206, "89"],
    ["bytes=-99", 206, "0123456789"],
    ["bytes=8-99", 206, "89"],
    ["bytes=10-", 416, ""],
    ["bytes=-0", 416, ""],
    ["bytes=3-2", 200, "0123456789"],
    ["bytes=0-1,4-5", 200, "0123456789"],
    ["bytes=-", 200, "0123456789"],
    ["lines=1-2", 200, "0123456789"],
  ])("serves %s with %i", async (range, status, body) => {
    const answer = await fetchPath("/a%20b.TXT", `Range: ${range}\r\n`);
    expect([statusOf(answer), bodyOf(answer)]).toEqual([status, body]);
    if (status === 416) expect(answer).toContain("Content-Range: bytes */10\r\n");
  });

  it("serves a part only of the file that the client has", async () => {
    const etag = /ETag: (.*)\r\n/.exec(await fetchPath("/a%20b.TXT"))?.[1];
    expect(statusOf(await fetchPath("/a%20b.TXT", `Range: bytes=0-1\r\nIf-Range: ${etag}\r\n`))).toBe(206);
    expect(statusOf(await fetchPath("/a%20b.TXT", 'Range: bytes=0-1\r\nIf-Range: "other"\r\n'))).toBe(200);
  });

  it("streams a large file whole, and keeps the connection", async () => {
    const text = Array.from({ length: 200_000 }, (_, index) => `${index}\n`).join("");
    writeFileSync(join(base, "site/large.txt"), text);
    writeFileSync(join(base, "site/empty.txt"), "");
    const client = new RawClient(port).send(
      get("/large.txt", "site.localhost") + get("/empty.txt", "site.localhost"),
    );
    client.send(get("/docs/", "site.localhost", CLOSE));
    const answer = await client.all();
    expect(answer.includes(`\r\n\r\n${text}HTTP/1.1 200 OK`)).toBe(true);
    expect(answer).toMatch(/Content-Length: 0\r\n[\s\S]*docs$/);
  });
});
