// Executions over the API: lists, pages, output, and an early end.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/helpers/api.ts";
import { sampleExecution, sampleRelease } from "../../test/helpers/sample-rows.ts";
import { until } from "../../test/helpers/until.ts";
import { type Client, createClient } from "../client/client.ts";
import type { App } from "../domain/app.ts";
import type { Execution } from "../domain/execution.ts";

let on: TestApi;
let client: Client;
let app: App;
beforeEach(async () => {
  on = await createTestApi();
  on.context.executions.open();
  client = createClient({ socketPath: on.socketPath, name: "cli" });
  app = await on.addApp("notes");
});
afterEach(async () => {
  on.context.executions.close();
  await on.end();
});

const put = (...executions: Execution[]) => on.context.store.write({ put: { executions } });

/** A real one, by a script for `sh`. */
async function run(script: string): Promise<Execution> {
  const release = { ...sampleRelease("r1", app.id), config: app.config };
  release.launch = {
    ...release.launch,
    cwd: on.home,
    resources: { cpu: null, memoryBytes: null, pids: null },
  };
  await on.context.store.write({ put: { releases: [release] } });
  return on.context.executions.start({
    app,
    release,
    kind: "command",
    name: "sh",
    argv: ["sh", "-c", script],
    env: {},
    timeoutMs: null,
    instance: null,
    actor: "test",
    attempt: 1,
  });
}
const ended = (id: string) =>
  until("its end", async () => {
    const row = await client.request("GET", "/api/executions/{id}", { params: { id } });
    return row.state !== "running" && row;
  });
const output = async (id: string, path: string, more = "") =>
  (await on.local("GET", `/api/executions/${id}/${path}${more}`)).text;

test("they are listed newest first, filtered, page by page", async () => {
  const other = await on.addApp("other");
  await put(
    sampleExecution("x1", app.id, { createdAt: 1_000, state: "done", endedAt: 1_500, startedAt: 1_100 }),
    sampleExecution("x2", app.id, { createdAt: 2_000, state: "timed_out", kind: "schedule", name: "report" }),
    sampleExecution("x3", other.id, { createdAt: 3_000, state: "failed" }),
  );
  const ids = async (query = {}) =>
    (await client.request("GET", "/api/executions", { query })).executions.map(({ id }) => id);
  expect(await ids()).toEqual(["x3", "x2", "x1"]);
  expect(await ids({ app: "notes" })).toEqual(["x2", "x1"]);
  expect(await ids({ kind: "schedule" })).toEqual(["x2"]);
  expect(await ids({ state: "failures", app: "notes" })).toEqual(["x2"]);
  expect(await ids({ state: "done" })).toEqual(["x1"]);
  expect(await ids({ since: "1970-01-01T00:00:02Z" })).toEqual(["x3", "x2"]);
  const first = await client.request("GET", "/api/executions", { query: { limit: 2 } });
  expect(first.executions.map(({ id }) => id)).toEqual(["x3", "x2"]);
  const second = await client.request("GET", "/api/executions", {
    query: { limit: 2, cursor: first.nextCursor ?? "" },
  });
  expect(second).toMatchObject({
    executions: [{ id: "x1", app: "notes", durationMs: 400 }],
    nextCursor: null,
  });
});

test("what it printed is kept apart, also when it comes in floods", async () => {
  const { id } = await run("echo one; echo two; echo oops >&2; seq 100000; exit 4");
  expect(await ended(id)).toMatchObject({
    state: "failed",
    exit: { code: 4, signal: null },
    reason: "exited with code 4: oops",
    argv: ["sh", "-c", expect.any(String)],
  });
  expect(await output(id, "stderr")).toBe("oops\n");
  const all = await output(id, "stdout");
  expect(all.startsWith("one\ntwo\n1\n2\n")).toBe(true);
  expect(all.split("\n")).toHaveLength(100_003);
  expect(await output(id, "stdout", "?tail=2")).toBe("99999\n100000\n");
});

test("it is followed while it runs, to its last word", async () => {
  const { id } = await run("echo one; while [ ! -e go ]; do sleep 0.02; done; echo two; printf end");
  const seen: string[] = [];
  const following = (async () => {
    for await (const { data } of client.stream("/api/executions/{id}/stdout", {
      params: { id },
      query: { follow: "true" },
    }))
      seen.push((data as { text: string }).text);
  })();
  await until("the first line", () => seen.length === 1);
  writeFileSync(join(on.home, "go"), "");
  await ended(id);
  await following;
  expect(seen).toEqual(["one", "two", "end"]);
});

test("it is cancelled with all that it has started, once", async () => {
  const { id } = await run(
    "(setsid sh -c 'echo child $$; exec sleep 1000' &); trap '' TERM; sleep 1000; sleep 1000",
  );
  await until("its child", async () => (await output(id, "stdout")).includes("child"));
  const pid = Number(/\d+/.exec(await output(id, "stdout"))?.[0]);
  const { json, status } = await on.local("POST", `/api/executions/${id}/cancel`);
  expect([status, json().state]).toEqual([202, "running"]);
  const end = await ended(id);
  expect(end).toMatchObject({ state: "cancelled", reason: "was cancelled by api" });
  expect(() => process.kill(pid, 0)).toThrow();
  expect((await on.local("POST", `/api/executions/${id}/cancel`)).status).toBe(409);
});

test.each([
  ["/api/executions?limit=0", 422],
  ["/api/executions?limit=100000", 422],
  ["/api/executions?cursor=bm9uZQ", 400],
  ["/api/executions?state=sick", 422],
  ["/api/executions?kind=hook&x=1", 422],
  ["/api/executions?app=nobody", 404],
  ["/api/executions?since=yesterday", 422],
  ["/api/executions/x_none", 404],
  ["/api/executions/x_none/stdout", 404],
  ["/api/executions/..%2f..%2fkey/stdout", 404],
])("%s is refused with %d", async (path, status) => {
  const answer = await on.local("GET", path);
  expect(answer.status).toBe(status);
  expect(answer.json<{ error: { message: string } }>().error.message).toBeTruthy();
});
