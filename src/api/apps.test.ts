import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/helpers/api.ts";
import { type Client, createClient } from "../client/client.ts";

let on: TestApi;
let client: Client;
beforeEach(async () => {
  on = await createTestApi();
  client = createClient({ socketPath: on.socketPath, name: "cli" });
});
afterEach(() => on.end());

function folder(name: string, files: Record<string, string> = { "index.html": "<p>hello</p>" }): string {
  const path = join(on.home, name);
  mkdirSync(path);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
}

describe("one app", () => {
  test("is registered from a folder, read, changed, replaced and deleted", async () => {
    const path = folder("Site");
    const { app, detection } = await client.request("POST", "/api/apps", {
      body: { path, env: { A: "1", B: "2" } },
    });
    expect([app.name, app.path, detection.toolchain]).toEqual(["site", path, "static"]);
    expect(app.state).not.toBe("running");
    const params = { id: app.id };
    expect((await client.request("GET", "/api/apps/{id}", { params: { id: "site" } })).id).toBe(app.id);

    await client.request("PATCH", "/api/apps/{id}", {
      params,
      body: { name: "pages", env: { A: null, C: "3" }, restart: { max: 3 } },
    });
    const changed = await client.request("GET", "/api/apps/{id}/config", { params });
    expect(changed).toMatchObject({
      name: "pages",
      env: { B: "2", C: "3" },
      restart: { max: 3, delayMs: 200 },
    });

    await client.request("PUT", "/api/apps/{id}", { params, body: { env: { D: "4" } } });
    const replaced = await client.request("GET", "/api/apps/{id}/config", { params });
    expect(replaced).toMatchObject({ name: "pages", path, env: { D: "4" }, restart: { max: 10 } });

    expect(await client.request("DELETE", "/api/apps/{id}", { params })).toBeNull();
    expect((await client.request("GET", "/api/apps")).apps).toEqual([]);
    const deleted = await client.request("GET", "/api/apps", { query: { deleted: "true" } });
    expect(deleted.apps.map(({ name, state }) => [name, state])).toEqual([["pages", "deleted"]]);
  });

  test("reads what a person typed as gantry.yaml is read", async () => {
    await client.request("POST", "/api/apps", { body: { path: folder("typed"), run: "python main.py" } });
    const params = { id: "typed" };
    const body = {
      args: "--name 'a b'",
      port: "8123",
      watch: "true",
      restart: { max: "3" },
      domains: "a.example.org, b.example.org",
      env: { N: "1", GONE: null },
    } as never;
    expect((await on.local("PATCH", "/api/apps/typed", { body })).status).toBe(422);
    await client.request("PATCH", "/api/apps/{id}", { params, body, query: { typed: "true" } });
    expect(await client.request("GET", "/api/apps/{id}/config", { params })).toMatchObject({
      args: ["--name", "a b"],
      port: 8123,
      watch: true,
      restart: { max: 3 },
      domains: ["a.example.org", "b.example.org"],
      env: { N: "1" },
    });
  });

  test("gives back a configuration that can be sent again as it is", async () => {
    await client.request("POST", "/api/apps", {
      body: {
        path: folder("full"),
        run: "python main.py",
        health: { path: "/health", interval: "5s" },
        resources: { memory: "64m" },
        stop: { timeout: "3s" },
      },
    });
    const params = { id: "full" };
    const config = await client.request("GET", "/api/apps/{id}/config", { params });
    await client.request("PUT", "/api/apps/{id}", { params, body: config as never });
    expect(await client.request("GET", "/api/apps/{id}/config", { params })).toEqual(config);
  });

  test("says in the answer to its registration where it is", async () => {
    const answer = await on.local("POST", "/api/apps", { body: { path: folder("site") } });
    const { app } = answer.json<{ app: { id: string } }>();
    expect([answer.status, answer.headers.location]).toEqual([201, `/api/apps/${app.id}`]);
    expect(answer.headers.etag).toBe((await on.local("GET", "/api/apps/site")).headers.etag);
  });

  test("that is missing, taken or disabled is refused by code", async () => {
    await on.addApp("notes", { enabled: false });
    const code = (request: Promise<unknown>) =>
      request.then(
        () => "fine",
        (error: { code: string }) => error.code,
      );
    expect(await code(client.request("GET", "/api/apps/{id}", { params: { id: "blog" } }))).toBe(
      "app-missing",
    );
    expect(
      await code(client.request("POST", "/api/apps", { body: { path: folder("x"), name: "notes" } })),
    ).toBe("name-taken");
    expect(await code(client.request("POST", "/api/apps/{id}/start", { params: { id: "notes" } }))).toBe(
      "app-disabled",
    );
  });
});

describe("the list", () => {
  test("comes in pages that together are everything, once", async () => {
    for (let i = 0; i < 25; i++) await on.addApp(`app-${i}`);
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.request("GET", "/api/apps", {
        query: { limit: 10, ...(cursor && { cursor }) },
      });
      names.push(...page.apps.map(({ name }) => name ?? ""));
      expect(page.apps.length).toBeLessThanOrEqual(10);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(names).toEqual(Array.from({ length: 25 }, (_, i) => `app-${i}`).sort());
  });

  test("can be filtered, and knows no apps of Gantry's own", async () => {
    await on.addApp("notes", { enabled: false });
    await on.addApp("blog");
    await on.addApp("gantry.edge", { system: true });
    const names = async (query: Record<string, string>) =>
      (await client.request("GET", "/api/apps", { query })).apps.map(({ name }) => name);
    expect(await names({})).toEqual(["blog", "notes"]);
    expect(await names({ state: "disabled" })).toEqual(["notes"]);
    expect(await names({ name: "lo" })).toEqual(["blog"]);
    expect((await on.local("GET", "/api/apps/gantry.edge")).status).toBe(404);
  });

  test("in its lean view says the same as the full one", async () => {
    await on.addApp("notes");
    const [full] = (await client.request("GET", "/api/apps")).apps;
    const [lean] = (await client.request("GET", "/api/apps", { query: { view: "summary" } })).apps;
    expect(full).toMatchObject(lean as object);
    expect(lean).not.toHaveProperty("instances");
  });

  test("has just the fields that one asks for", async () => {
    await on.addApp("notes");
    const [full] = (await client.request("GET", "/api/apps")).apps;
    const ask = async (fields: string) =>
      (await client.request("GET", "/api/apps", { query: { fields } })).apps;
    expect(await ask("name,state")).toEqual([{ name: "notes", state: full?.state }]);
    expect(await ask("name,url,release,instances")).toEqual([
      { name: "notes", url: full?.url, release: full?.release, instances: [] },
    ]);
    expect((await on.local("GET", "/api/apps?fields=name,nonsense")).status).toBe(422);
    expect((await on.local("GET", "/api/apps?fields=")).status).toBe(422);
  });
});

describe("the columns of apps", () => {
  const ask = async (query: { fields: string } & Record<string, unknown>) =>
    client.request("GET", "/api/app-columns", { query });

  test("say field by field what the list says, also in pages", async () => {
    for (const name of ["notes", "blog", "shop"]) await on.addApp(name);
    await on.addApp("gantry.edge", { system: true });
    const fields = "name,state,url,instances";
    const { apps } = await client.request("GET", "/api/apps", { query: { fields } });
    const { columns, nextCursor } = await ask({ fields });
    expect(nextCursor).toBeNull();
    expect(columns).toEqual({
      name: ["blog", "notes", "shop"],
      state: apps.map(({ state }) => state),
      url: apps.map(({ url }) => url),
      instances: [[], [], []],
    });
    const first = await ask({ fields: "name", limit: 2 });
    expect(first.columns).toEqual({ name: ["blog", "notes"] });
    const second = await ask({ fields: "name", limit: 2, cursor: first.nextCursor });
    expect(second).toEqual({ columns: { name: ["shop"] }, nextCursor: null });
  });

  test("are empty lists where there are no apps, and only of known fields", async () => {
    expect((await ask({ fields: "name,state" })).columns).toEqual({ name: [], state: [] });
    for (const query of [
      "",
      "?fields=",
      "?fields=name,nonsense",
      "?fields=__proto__",
      "?fields=name&view=full",
    ])
      expect((await on.local("GET", `/api/app-columns${query}`)).status).toBe(422);
  });
});

describe("many apps at once", () => {
  const yaml = (text: TemplateStringsArray, ...values: string[]) => String.raw(text, ...values);

  test("come from a file of another program, as JSON or as the text itself", async () => {
    const path = folder("site");
    const text =
      yaml`- { name: one, path: ${path}, port: 8101 }\n- { name: two, path: ${path} }\n`.replaceAll(
        "\\n",
        "\n",
      );
    const first = await client.request("POST", "/api/apps/import-yaml", {
      body: { text, name: "apps.yaml" },
    });
    expect(first.created.toSorted()).toEqual(["one", "two"]);
    const again = await on.local("POST", "/api/apps/import-yaml", {
      body: text,
      headers: { "content-type": "text/yaml" },
    });
    expect(again.json()).toMatchObject({ created: [] });
    expect((await client.request("GET", "/api/apps")).apps.map(({ state }) => state)).not.toContain(
      "running",
    );

    const exported = await client.request("GET", "/api/export");
    expect(exported).toContain("one:");
    expect(await client.request("GET", "/api/export", { query: { app: "two" } })).not.toContain("one:");
  });

  test("start and stop together; what can't start is told", async () => {
    await on.addApp("site", { source: { type: "folder", path: folder("site") } });
    await on.addApp("off", { enabled: false });
    const started = await client.request("POST", "/api/apps/start-all");
    expect(started.apps.map(({ name }) => name)).toEqual(["off", "site"]);
    const stopped = await client.request("POST", "/api/apps/stop-all");
    expect(stopped.failed).toEqual([]);
  });
});

describe("Gantry itself", () => {
  test("tells how it is", async () => {
    const system = await client.request("GET", "/api/system");
    expect(system).toMatchObject({ pid: process.pid, url: on.api.url, home: on.home, apps: { total: 0 } });
    const { checks } = await client.request("GET", "/api/doctor");
    expect(checks.length).toBeGreaterThan(3);
  });

  test("tells who has which port", async () => {
    await on.addApp("notes", { config: { ...(await on.addApp("blog")).config, port: 8102 } });
    const { ports } = await client.request("GET", "/api/ports");
    expect(ports.find(({ app }) => app === "notes")).toMatchObject({ port: 8102, kind: "fixed" });
    expect(
      (await client.request("GET", "/api/apps/{id}/ports", { params: { id: "notes" } })).ports,
    ).toHaveLength(1);
  });
});
