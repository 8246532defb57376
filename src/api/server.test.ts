import { statSync } from "node:fs";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/helpers/api.ts";
import type { Answer } from "../../test/helpers/request.ts";

let on: TestApi;
beforeEach(async () => {
  on = await createTestApi();
});
afterEach(() => on.end());

const told = (answer: Answer) => [
  answer.status,
  answer.json<{ error?: { code: string } }>().error?.code ?? "fine",
];

describe("the socket", () => {
  test("is for its owner alone and needs no session", async () => {
    expect(statSync(on.socketPath).mode & 0o777).toBe(0o600);
    const answer = await on.local("GET", "/api/apps");
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({ apps: [], nextCursor: null });
  });

  test("replaces the file of a daemon that is gone, and takes its own away", async () => {
    await on.restart();
    expect((await on.local("GET", "/health")).json()).toEqual({ ok: true });
    await on.api.close();
    expect(() => statSync(on.socketPath)).toThrow("ENOENT");
  });
});

describe("the port", () => {
  test("answers nothing but /health without a session", async () => {
    expect((await on.remote("GET", "/health")).json()).toEqual({ ok: true });
    for (const path of ["/", "/api/apps", "/api/events", "/metrics", "/docs", "/openapi.json", "/nowhere"])
      expect([path, ...told(await on.remote("GET", path))]).toEqual([path, 401, "signed-out"]);
    expect(told(await on.remote("POST", "/api/system/shutdown"))).toEqual([401, "signed-out"]);
  });

  test("shows people a page that tells what to do", async () => {
    const answer = await on.remote("GET", "/", { headers: { accept: "text/html,*/*" } });
    expect(answer.status).toBe(401);
    expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(answer.text).toContain("gantry open");
  });

  test.each([
    "evil.example",
    "evil.example:PORT",
    "localhost",
    "localhost:1",
    "127.0.0.1:PORT.evil.example",
    "127.0.0.2:PORT",
    "notes.localhost:PORT",
    "localhost.:PORT",
  ])("refuses the foreign host %j, also for /health", async (host) => {
    const headers = { host: host.replace("PORT", String(on.port)) };
    expect(told(await on.remote("GET", "/health", { headers }))).toEqual([403, "foreign-host"]);
  });

  test.each(["127.0.0.1:PORT", "localhost:PORT", "LOCALHOST:PORT", "[::1]:PORT", "gantry.localhost:PORT"])(
    "knows itself as %s",
    async (host) => {
      const headers = { host: host.replace("PORT", String(on.port)) };
      expect((await on.remote("GET", "/health", { headers })).status).toBe(200);
    },
  );

  test("does not believe a proxy's headers", async () => {
    const headers = {
      host: "evil.example",
      "x-forwarded-host": `127.0.0.1:${on.port}`,
      "x-forwarded-for": "127.0.0.1",
    };
    expect(told(await on.remote("GET", "/health", { headers }))).toEqual([403, "foreign-host"]);
  });
});

describe("a signed-in browser", () => {
  test("gets in by a one-time link, once", async () => {
    const link = new URL(on.api.loginLink());
    expect(link.host).toBe(`127.0.0.1:${on.port}`);
    const first = await on.remote("GET", link.pathname + link.search);
    expect([first.status, first.headers.location]).toEqual([303, "/"]);
    const cookie = String(first.headers["set-cookie"]);
    expect(cookie).toMatch(/; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/);
    const page = await on.remote("GET", "/", { headers: { cookie: cookie.split(";")[0] ?? "" } });
    expect(page.status).toBe(200);

    const second = await on.remote("GET", link.pathname + link.search);
    expect(told(second)).toEqual([401, "link-used"]);
    expect(second.headers["set-cookie"]).toBeUndefined();
  });

  test("does not lose its link to a look at the headers", async () => {
    const link = new URL(on.api.loginLink());
    await on.remote("HEAD", link.pathname + link.search);
    expect((await on.remote("GET", link.pathname + link.search)).status).toBe(303);
  });

  test("can be let in by the command line alone", async () => {
    const cookie = await on.signIn();
    expect(told(await on.remote("POST", "/api/auth/link"))).toEqual([401, "signed-out"]);
    expect(told(await on.remote("POST", "/api/auth/link", { headers: { cookie } }))).toEqual([
      403,
      "socket-only",
    ]);
    expect(told(await on.remote("POST", "/api/system/shutdown", { headers: { cookie } }))).toEqual([
      403,
      "socket-only",
    ]);
    const answer = await on.local("POST", "/api/auth/link");
    expect(answer.json<{ url: string }>().url).toMatch(/\/login\?token=[\w-]{43}$/);
  });

  test("stays signed in when the daemon restarts, and its secret is stored nowhere", async () => {
    const cookie = await on.signIn();
    const port = on.port;
    await on.restart();
    const moved = cookie.replace(`gantry_${port}`, `gantry_${on.port}`);
    expect((await on.remote("GET", "/api/apps", { headers: { cookie: moved } })).status).toBe(200);
    expect(on.context.store.getMeta("web-sessions")).not.toContain(cookie.split("=")[1]);
  });

  test.each([
    ["a foreign origin", { origin: "http://evil.example" }],
    ["no origin at all", { origin: "null" }],
    ["an app on another port", { origin: "http://127.0.0.1:5000" }],
    ["https of the same host", { origin: "https://127.0.0.1:PORT" }],
    ["another site", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }],
    ["an app on another port, as an image", { "sec-fetch-site": "same-site", "sec-fetch-dest": "image" }],
  ])("is not used by %s, whatever the method", async (_, given) => {
    const entries = Object.entries(given).map(([name, value]) => [
      name,
      value.replace("PORT", String(on.port)),
    ]);
    const headers = { ...Object.fromEntries(entries), cookie: await on.signIn() } as Record<string, string>;
    expect(told(await on.remote("GET", "/api/apps", { headers }))).toEqual([403, "foreign-origin"]);
    expect(told(await on.remote("POST", "/api/apps/stop-all", { headers }))).toEqual([403, "foreign-origin"]);
    expect(told(await on.remote("GET", "/api/events", { headers }))).toEqual([403, "foreign-origin"]);
    const upgrade = { ...headers, connection: "upgrade", upgrade: "websocket" };
    expect(told(await on.remote("GET", "/api/events", { headers: upgrade }))).toEqual([
      403,
      "foreign-origin",
    ]);
  });

  test("may follow a link from elsewhere and use its own pages", async () => {
    const cookie = await on.signIn();
    const link = {
      cookie,
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "navigate",
      "sec-fetch-dest": "document",
    };
    expect((await on.remote("GET", "/", { headers: link })).status).toBe(200);
    expect(told(await on.remote("POST", "/api/apps/stop-all", { headers: link }))).toEqual([
      403,
      "foreign-origin",
    ]);
    const own = { cookie, origin: `http://127.0.0.1:${on.port}`, "sec-fetch-site": "same-origin" };
    expect((await on.remote("POST", "/api/apps/stop-all", { headers: own })).status).toBe(202);
  });

  test("is named in the history; over the socket the client names itself", async () => {
    const app = await on.addApp("notes", { enabled: false });
    const path = `/api/apps/${app.name}/enable`;
    await on.remote("POST", path, { headers: { cookie: await on.signIn() } });
    await on.local("POST", `/api/apps/notes/disable`, { headers: { "gantry-client": "cli" } });
    await on.local("POST", path, { headers: { "gantry-client": "daemon" } });
    const events = await on.context.store.events({ limit: 10 });
    expect(events.filter(({ appId }) => appId === app.id).map(({ type, actor }) => [type, actor])).toEqual([
      ["app.enabled", "web"],
      ["app.disabled", "cli"],
      ["app.enabled", "api"],
    ]);
  });
});

describe("every answer", () => {
  test("keeps browsers strict", async () => {
    const cookie = await on.signIn();
    for (const path of ["/", "/api/apps", "/nowhere", "/%zz", "/docs"]) {
      const { headers } = await on.remote("GET", path, { headers: { cookie } });
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["referrer-policy"]).toBe("no-referrer");
      expect(headers["content-security-policy"]).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(headers["access-control-allow-origin"]).toBeUndefined();
    }
  });

  test("is an error document when the request is not even HTTP", async () => {
    const text = await new Promise<string>((resolve, reject) => {
      let read = "";
      const socket = connect(on.port, "127.0.0.1", () => socket.write("HELLO\r\n\r\n"));
      socket.on("data", (bytes) => {
        read += bytes.toString();
      });
      socket.on("end", () => resolve(read)).on("error", reject);
    });
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).toContain('"code":"malformed"');
  });
});

describe("the end", () => {
  test("comes by the socket, after the answer", async () => {
    let asked = 0;
    const own = await createTestApi({ shutdown: () => asked++ });
    try {
      const answer = await own.local("POST", "/api/system/shutdown");
      expect([answer.status, answer.json()]).toEqual([202, { pid: process.pid }]);
      await expect.poll(() => asked).toBe(1);
    } finally {
      await own.end();
    }
  });

  test("makes room for another build only where a keeper started the daemon and that build is there", async () => {
    const body = { program: process.execPath, file: import.meta.filename };
    const replace = (more: object) => on.local("POST", "/api/system/replace", { body: { ...body, ...more } });
    expect(told(await replace({}))).toEqual([409, "in-foreground"]);
    for (const file of ["/no/such/daemon.js", on.home, "/a\0b"])
      expect((await replace({ file })).json()).toMatchObject({
        error: { code: "invalid-path", field: "file" },
      });
    expect((await replace({ program: "node" })).status).toBe(422);
    const cookie = await on.signIn();
    const remote = await on.remote("POST", "/api/system/replace", { headers: { cookie }, body });
    expect(told(remote)).toEqual([403, "socket-only"]);
  });

  test("a port in use is named, and the socket is not opened then", async () => {
    const { createApi } = await import("./server.ts");
    const second = await createApi(on.context, {
      socketPath: `${on.home}/other.sock`,
      host: "127.0.0.1",
      port: on.port,
    });
    await expect(second.listen()).rejects.toMatchObject({ code: "address-in-use" });
    expect(() => statSync(`${on.home}/other.sock`)).toThrow("ENOENT");
    await second.close();
  });
});
