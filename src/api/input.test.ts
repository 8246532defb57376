import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/helpers/api.ts";
import { sendRaw } from "../../test/helpers/raw.ts";
import type { Answer } from "../../test/helpers/request.ts";

let on: TestApi;
let folder: string;
beforeAll(async () => {
  on = await createTestApi();
  folder = join(on.home, "code");
  mkdirSync(folder);
  writeFileSync(join(folder, "index.html"), "<p>hello</p>");
  await on.addApp("notes");
});
afterAll(() => on.end());

const json = { "content-type": "application/json" };

interface Told {
  code: string;
  message: string;
  field?: string;
  hint?: string;
}
const errorOf = (answer: Answer) => answer.json<{ error: Told }>().error;

/** Sends it and shows that it changed nothing and let nothing out. */
async function refused(method: string, path: string, more: Parameters<TestApi["local"]>[2] = {}) {
  const state = () => JSON.stringify([...on.context.store.apps.all()]);
  const before = state();
  const answer = await on.local(method, path, more);
  expect(state()).toBe(before);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(answer.text).not.toMatch(/node_modules|\.ts:|at \w+ \(/);
  return { status: answer.status, ...errorOf(answer) };
}

describe("bodies", () => {
  test.each([
    ["no JSON", "{nope", 400],
    ["cut off", '{"path": "/tmp"', 400],
    ["two documents", "{}{}", 400],
    ["empty", "", 422],
    ["null", "null", 422],
    ["a list", "[]", 422],
    ["text", '"/tmp"', 422],
    ["40 levels", `{"env":${"[".repeat(40)}${"]".repeat(40)}}`, 400],
    ["100,000 levels", "[".repeat(100_000), 400],
    ["a prototype key", '{"path":"/tmp","__proto__":{"admin":true}}', 400],
    ["an escaped prototype key, deep down", '{"env":{"a":{"\\u005f_proto__":1}}}', 400],
  ])("with %s are refused", async (_, body, status) => {
    expect(await refused("POST", "/api/apps", { body, headers: json })).toMatchObject({ status });
  });

  test("that may be left out can't be null", async () => {
    const null_ = { body: "null", headers: json };
    expect(await refused("POST", "/api/apps/notes/disable", null_)).toMatchObject({ status: 422 });
  });

  test("that are not UTF-8 are refused", async () => {
    const answer = await sendRaw(
      on.port,
      `POST /api/apps HTTP/1.1\r\nHost: 127.0.0.1:${on.port}\r\nCookie: ${await on.signIn()}\r\nContent-Type: application/json\r\n` +
        `Content-Length: 2\r\nConnection: close\r\n\r\n\u00e9`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 (400|422) /);
  });

  test.each([
    "application/x-www-form-urlencoded",
    "text/plain",
    "multipart/form-data; boundary=x",
    "text/html",
    "nonsense",
    "application/xml",
  ])("as forms of other pages send them (%s) are refused", async (type) => {
    const more = { body: JSON.stringify({ path: folder }), headers: { "content-type": type } };
    expect(await refused("POST", "/api/apps", more)).toMatchObject({ status: 415, code: "wrong-type" });
    expect(await refused("POST", "/api/apps/stop-all", more)).toMatchObject({
      status: 415,
      code: "wrong-type",
    });
  });

  test("without a type are refused", async () => {
    const headers = { "content-length": "2" };
    expect(await refused("POST", "/api/apps", { body: "{}", headers })).toMatchObject({ status: 415 });
  });

  test("of more than a megabyte are refused, also when their length is not told", async () => {
    const body = JSON.stringify({ path: folder, run: "x".repeat(1_100_000) });
    expect(await refused("POST", "/api/apps", { body, headers: json })).toMatchObject({
      status: 413,
      code: "too-large",
    });
    const chunked = { ...json, "transfer-encoding": "chunked" };
    expect(await refused("POST", "/api/apps", { body, headers: chunked })).toMatchObject({ status: 413 });
  });

  test("that claim to be huge are refused before they come", async () => {
    const answer = await sendRaw(
      on.port,
      `POST /api/apps HTTP/1.1\r\nHost: 127.0.0.1:${on.port}\r\nCookie: ${await on.signIn()}\r\nContent-Type: application/json\r\n` +
        "Content-Length: 10000000000\r\nConnection: close\r\n\r\n{",
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });
});

describe("fields", () => {
  test("that nobody knows are named, with what was meant", async () => {
    expect(await refused("POST", "/api/up", { body: { path: [folder] } })).toMatchObject({
      status: 422,
      code: "invalid-input",
      field: "path",
      hint: "Did you mean paths?",
    });
    expect(await refused("POST", "/api/apps", { body: { path: folder, prot: 1 } })).toMatchObject({
      status: 422,
      field: "prot",
      hint: "Did you mean port?",
    });
    expect(await refused("GET", "/api/apps?limt=5")).toMatchObject({
      field: "limt",
      hint: "Did you mean limit?",
    });
    expect(await refused("POST", "/api/apps/notes/stop", { body: { fast: true } })).toMatchObject({
      field: "fast",
    });
  });

  test.each([
    [{ path: 5 }, "path"],
    [{ path: ["/tmp"] }, "path"],
    [{ path: "relative" }, "path"],
    [{ path: "/no/such/folder" }, "path"],
    [{ path: "/dev/null" }, "path"],
    [{ path: "/tmp\u0000x" }, "path"],
    [{}, "path"],
    [{ name: "../x" }, "name"],
    [{ name: "" }, "name"],
    [{ name: "a".repeat(64) }, "name"],
    [{ name: "a".repeat(10_000) }, "name"],
    [{ name: "__proto__" }, "name"],
    [{ name: "constructor" + "\u200b" }, "name"],
    [{ name: "$(id)" }, "name"],
    [{ name: 5 }, "name"],
    [{ name: "gantry" }, "name"],
    [{ port: 0 }, "port"],
    [{ port: -1 }, "port"],
    [{ port: 65_536 }, "port"],
    [{ port: 80.5 }, "port"],
    [{ port: "80abc" }, "port"],
    [{ port: {} }, "port"],
    [{ enabled: "yes" }, "enabled"],
    [{ env: { "A=B": "x" } }, "env.A=B"],
    [{ env: { A: 5 } }, "env.A"],
    [{ env: { A: "x\u0000" } }, "env.A"],
    [{ restart: { policy: "sometimes" } }, "restart.policy"],
    [{ health: { path: "no slash" } }, "health.path"],
    [{ domains: ["a_b.test"] }, "domains.0"],
    [{ engine: "rocket" }, "engine"],
  ])("that are wrong are named: %j", async (fields, field) => {
    const body = "path" in fields || Object.keys(fields).length === 0 ? fields : { path: folder, ...fields };
    const told = await refused("POST", "/api/apps", { body });
    expect(told).toMatchObject({ status: 422, field });
  });
});

describe("paths and queries", () => {
  test.each([
    ["GET", "//api/apps", 404],
    ["GET", "/api//apps", 404],
    ["GET", "/api%2fapps", 404],
    ["GET", "/api/apps/..%2f..%2fetc%2fpasswd", 404],
    ["GET", "/api/apps/../../etc/passwd", 404],
    ["GET", "/API/APPS", 404],
    ["GET", "/api/apps/", 422],
    ["GET", "/api/apps/%00", 404],
    ["GET", "/api/apps/%zz", 400],
    ["GET", "/api/apps/%ff", 400],
    ["GET", `/api/apps/${"a".repeat(81)}`, 422],
    ["GET", `/api/apps/${"a".repeat(5_000)}`, 400],
    ["GET", "/docs/package.json", 404],
    ["GET", "/docs/..%2fpackage.json", 404],
    ["GET", "/docs/__proto__", 404],
    ["GET", "/api/apps/__proto__", 404],
    ["GET", "/api/apps/constructor", 404],
  ])("%s %s is refused", async (method, path, status) => {
    expect((await refused(method, path)).status).toBe(status);
  });

  test.each([
    "limit=0",
    "limit=-1",
    "limit=abc",
    "limit=1e3",
    "limit=5.5",
    "limit=",
    "limit=99999999999999999999",
    "limit=1&limit=2",
    "cursor=abc",
    "cursor=%00",
    `cursor=${Buffer.from("n:Not A Name").toString("base64url")}`,
    "state=flying",
    "deleted=maybe",
    "view=all",
    "name[]=x",
  ])("the list refuses ?%s", async (query) => {
    expect([400, 422]).toContain((await refused("GET", `/api/apps?${query}`)).status);
  });

  test.each([
    "since=yesterday",
    "since=2026-13-45",
    "tail=-1",
    "grep=",
    "grep=/(/",
    "follow=yes",
    "app=nobody",
  ])("the logs refuse ?%s", async (query) => {
    expect([400, 404, 422]).toContain((await refused("GET", `/api/logs?${query}`)).status);
  });

  test("a method that a path does not have is told with those that it has", async () => {
    const answer = await on.local("PUT", "/api/apps");
    expect([answer.status, errorOf(answer).code]).toEqual([405, "no-method"]);
    expect(String(answer.headers.allow).split(", ").sort()).toEqual(["GET", "HEAD", "POST"]);
    expect((await on.local("DELETE", "/api/apps/notes/start")).headers.allow).toBe("POST");
  });
});
