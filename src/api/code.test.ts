import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/helpers/api.ts";
import { until } from "../../test/helpers/until.ts";
import type { DeploymentView } from "../domain/deployment-view.ts";
import type { DraftView } from "../domain/draft-view.ts";

let on: TestApi;
beforeEach(async () => {
  on = await createTestApi();
});
afterEach(() => on.end());

const PAGE = { "index.html": "<p>1</p>" };

/** A new app of files that is only registered. */
async function typed(name = "site", files: Record<string, unknown> = PAGE): Promise<string> {
  const { status, text } = await on.local("POST", "/api/apps/upload/files", {
    body: { name, files, deploy: false },
  });
  expect([status, text]).toEqual([202, expect.any(String)]);
  return name;
}

async function ended(id: string): Promise<DeploymentView> {
  const look = async () => (await on.local("GET", `/api/deployments/${id}`)).json<DeploymentView>();
  return await until("the deployment to end", async () => {
    const now = await look();
    return now.open ? null : now;
  });
}

async function deployed(app: string, body: object = {}): Promise<DeploymentView> {
  const { status, json } = await on.local("POST", `/api/apps/${app}/deploy`, {
    body: { start: false, ...body },
  });
  expect(status).toBe(202);
  return await ended(json<{ id: string }>().id);
}

const draftOf = async (app: string) => (await on.local("GET", `/api/apps/${app}/draft`)).json<DraftView>();

describe("a draft", () => {
  test("is saved, deployed, changed, discarded", async () => {
    await typed();
    expect(await draftOf("site")).toMatchObject({ state: "not-deployed", deployedTree: null });
    expect(await deployed("site")).toMatchObject({ state: "done", release: 1 });
    const first = await draftOf("site");
    expect(first).toMatchObject({ state: "deployed", deployedTree: first.tree });

    const saved = await on.local("PATCH", "/api/apps/site/draft", {
      body: { files: { "style.css": "p{}", "index.html": { text: "<p>2</p>" } } },
      headers: { "if-match": `"${first.tree}"` },
    });
    expect(saved.json<DraftView>()).toMatchObject({ state: "not-deployed", deployedTree: first.tree });
    expect(saved.json<DraftView>().files.map(({ path }) => path)).toEqual(["index.html", "style.css"]);
    expect((await on.local("GET", "/api/apps/site/files/index.html")).text).toBe("<p>2</p>");
    expect((await on.local("GET", "/api/apps/site/files/index.html?release=1")).text).toBe("<p>1</p>");

    expect((await on.local("DELETE", "/api/apps/site/draft")).json<DraftView>()).toEqual(
      expect.objectContaining({ state: "deployed", tree: first.tree }),
    );
  });

  test("of somebody who has not seen the newest one is refused and changes nothing", async () => {
    await typed();
    const { tree } = await draftOf("site");
    const put = (headers: Record<string, string>, text: string) =>
      on.local("PUT", "/api/apps/site/draft", { body: { files: { "index.html": text } }, headers });
    expect((await put({ "if-match": `"${tree}"` }, "a")).status).toBe(200);
    const stale = await put({ "if-match": `"${tree}"` }, "b");
    expect([stale.status, stale.json<{ error: object }>().error]).toEqual([
      412,
      expect.objectContaining({ code: "stale" }),
    ]);
    expect((await on.local("GET", "/api/apps/site/files/index.html")).text).toBe("a");
  });

  test("loses nothing that others save at the same time", async () => {
    await typed();
    const names = Array.from({ length: 12 }, (_, number) => `${number}.txt`);
    const saved = await Promise.all(
      names.map((name) => on.local("PATCH", "/api/apps/site/draft", { body: { files: { [name]: name } } })),
    );
    expect(saved.map(({ status }) => status)).toEqual(names.map(() => 200));
    const kept = (await draftOf("site")).files.map(({ path }) => path);
    expect(kept).toEqual(expect.arrayContaining(names));
  });

  test("is compared with each tag of a list", async () => {
    await typed();
    const { tree } = await draftOf("site");
    const put = (tags: string) =>
      on.local("PUT", "/api/apps/site/draft", {
        body: { files: { "index.html": tags } },
        headers: { "if-match": tags },
      });
    expect((await put(`"other", W/"${tree}"`)).status).toBe(412);
    expect((await put(`"other", "${tree}"`)).status).toBe(200);
  });

  test.each([
    ["../x", "up"],
    ["/etc/passwd", "absolute"],
    ["a\\b", "backslash"],
    ["a\u0000b", "control characters"],
    ["", "empty"],
  ])("with a file %j is refused", async (path) => {
    await typed();
    const before = await draftOf("site");
    const { status } = await on.local("PUT", "/api/apps/site/draft", { body: { files: { [path]: "x" } } });
    expect(status).toBe(422);
    expect(await draftOf("site")).toEqual(before);
  });

  test("of an app without a release can't be thrown away", async () => {
    await typed();
    expect((await on.local("DELETE", "/api/apps/site/draft")).status).toBe(409);
  });

  test("keeps bytes that are no text, and what is executable", async () => {
    const base64 = Buffer.from([0, 255, 1]).toString("base64");
    await typed("site", { ...PAGE, "run.sh": { text: "#!/bin/sh", executable: true }, "x.bin": { base64 } });
    const { files } = await draftOf("site");
    expect(files.map(({ path, executable }) => [path, executable])).toEqual([
      ["index.html", false],
      ["run.sh", true],
      ["x.bin", false],
    ]);
    expect((await on.local("GET", "/api/apps/site/files/x.bin")).status).toBe(200);
  });
});

describe("releases", () => {
  test("are numbered, told apart, rolled back to and pinned", async () => {
    await typed();
    await deployed("site", { message: "first" });
    await on.local("PATCH", "/api/apps/site/draft", { body: { files: { "index.html": "<p>2</p>" } } });
    await deployed("site", { message: "second" });
    const list = await on.local("GET", "/api/apps/site/versions");
    expect(list.json<{ releases: { number: number; message: string }[] }>().releases).toMatchObject([
      { number: 2, message: "second", target: true },
      { number: 1, message: "first", target: false },
    ]);
    const diff = (await on.local("GET", "/api/apps/site/versions/2/diff")).json<{ changes: object[] }>();
    expect(diff).toMatchObject({ from: 1, to: 2, changes: [{ path: "index.html", change: "changed" }] });
    const back = await on.local("POST", "/api/apps/site/rollback/1", { body: {} });
    expect(await ended(back.json<{ id: string }>().id)).toMatchObject({ state: "done", release: 1 });
    expect((await on.local("GET", "/api/apps/site/versions/1")).json()).toMatchObject({ target: true });
    expect((await on.local("POST", "/api/apps/site/versions/2/pin")).json()).toMatchObject({ pinned: true });
    expect((await on.local("POST", "/api/apps/site/rollback/9", { body: {} })).status).toBe(404);
  });

  test("code of a release that was left can be saved and deployed again", async () => {
    await typed();
    await deployed("site");
    await on.local("PATCH", "/api/apps/site/draft", { body: { files: { "index.html": "<p>2</p>" } } });
    await deployed("site");
    const back = await on.local("POST", "/api/apps/site/rollback/1", { body: {} });
    await ended(back.json<{ id: string }>().id);
    await on.local("PATCH", "/api/apps/site/draft", { body: { files: { "index.html": "<p>2</p>" } } });
    expect(await draftOf("site")).toMatchObject({ state: "not-deployed" });
    expect(await deployed("site")).toMatchObject({ state: "done", release: 3 });
  });

  test("the same code twice is one release and one tree", async () => {
    await typed();
    await deployed("site");
    await deployed("site");
    const { releases } = (await on.local("GET", "/api/apps/site/versions")).json<{ releases: object[] }>();
    expect(releases).toHaveLength(1);
    expect(readdirSync(join(on.home, "apps/site/releases/trees"))).toHaveLength(1);
  });

  test("a deployment tells its stages and its log, and can't be cancelled when it is over", async () => {
    await typed();
    const { id, stages } = await deployed("site");
    expect(stages.map(({ stage, state }) => [stage, state])).toEqual([
      ["fetch", "done"],
      ["validate", "done"],
      ["build", "done"],
    ]);
    expect((await on.local("GET", `/api/deployments/${id}/log`)).text).toContain("fetching the code");
    expect((await on.local("POST", `/api/deployments/${id}/cancel`)).status).toBe(409);
    expect((await on.local("GET", "/api/deployments/d_none")).status).toBe(404);
  });
});

describe("a clone", () => {
  test("has code, variables and configuration, but neither secrets nor what can be had only once", async () => {
    await typed();
    await on.local("PATCH", "/api/apps/site", {
      body: { port: 5123, env: { A: "1" }, domains: ["a.example"] },
    });
    await on.local("PUT", "/api/apps/site/secrets/TOKEN", { body: { value: "s3cret" } });
    const { status, json } = await on.local("POST", "/api/apps/site/clone", { body: { name: "twin" } });
    expect([status, json()]).toEqual([201, expect.objectContaining({ name: "twin", secrets: [] })]);
    const config = (await on.local("GET", "/api/apps/twin/config")).json<{
      port: unknown;
      domains: string[];
    }>();
    expect(config).toMatchObject({ env: { A: "1" }, port: null, domains: [] });
    expect((await on.local("GET", "/api/apps/twin/files/index.html")).text).toBe("<p>1</p>");
    const all = { name: "third", withSecrets: true };
    await on.local("POST", "/api/apps/site/clone", { body: all });
    expect(on.context.store.apps.byName("third")?.secrets).toHaveProperty("TOKEN");
    expect((await on.local("POST", "/api/apps/site/clone", { body: { name: "twin" } })).status).toBe(409);
  });
});

describe("an upload", () => {
  const form = (file: Buffer, fields: Record<string, string> = {}, filename = "My Notes.zip") => {
    const parts = Object.entries(fields).map(
      ([name, value]) => `--B\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const head = `--B\r\ncontent-disposition: form-data; name="file"; filename="${filename}"\r\ncontent-type: application/zip\r\n\r\n`;
    return {
      headers: { "content-type": "multipart/form-data; boundary=B" },
      body: Buffer.concat([Buffer.from(parts.join("") + head), file, Buffer.from("\r\n--B--\r\n")]),
    };
  };
  const left = () => (readdirSync(on.home).includes("uploads") ? readdirSync(join(on.home, "uploads")) : []);

  function zip(files: Record<string, string>): Buffer {
    const dir = mkdtempSync("/tmp/g-zip-");
    onTestFinished(() => rmSync(dir, { recursive: true }));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(dir, path, ".."), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
    execFileSync("python3", ["-m", "zipfile", "-c", "out.zip", ...Object.keys(files)], { cwd: dir });
    return readFileSync(join(dir, "out.zip"));
  }

  test("of a ZIP makes an app that is named after it", async () => {
    const sent = form(zip(PAGE), { start: "false", message: "hello" });
    const { status, json } = await on.local("POST", "/api/apps/upload/zip", sent);
    const { app, deployment } = json<{ app: { name: string }; deployment: DeploymentView }>();
    expect([status, app.name]).toEqual([202, "my-notes"]);
    expect(await ended(deployment.id)).toMatchObject({
      state: "done",
      message: "hello",
      source: "My Notes.zip",
    });
    expect(left()).toEqual([]);
  });

  test("under a name in any script keeps it", async () => {
    const sent = form(zip(PAGE), { name: "site", start: "false" }, "Büro 测试.zip");
    const { json } = await on.local("POST", "/api/apps/upload/zip", sent);
    expect(json()).toMatchObject({ deployment: { source: "Büro 测试.zip" } });
  });

  test("goes into an app that is there", async () => {
    await typed();
    await deployed("site");
    const sent = form(zip({ "index.html": "<p>zip</p>" }), { app: "site", start: "false" });
    const { json } = await on.local("POST", "/api/apps/upload/zip", sent);
    expect(await ended(json<{ deployment: { id: string } }>().deployment.id)).toMatchObject({ release: 2 });
    expect((await on.local("GET", "/api/apps/site/files/index.html")).text).toBe("<p>zip</p>");
  });

  test.each([
    ["that is no archive", () => form(Buffer.from("hello")), 422],
    ["with a field that nobody knows", () => form(zip(PAGE), { color: "red" }), 422],
    ["with a wrong flag", () => form(zip(PAGE), { start: "maybe" }), 422],
    ["for an app that is not there", () => form(zip(PAGE), { app: "nobody" }), 404],
    ["under a reserved name", () => form(zip(PAGE), { name: "api" }), 422],
    ["cut off in the middle", () => ({ ...form(zip(PAGE)), body: form(zip(PAGE)).body.slice(0, 200) }), 400],
    ["as JSON", () => ({ body: {} }), 415],
  ])("%s is refused and leaves nothing", async (_, make, status) => {
    const answer = await on.local("POST", "/api/apps/upload/zip", make());
    expect([answer.status, answer.json<{ error: { message: string } }>().error.message]).toEqual([
      status,
      expect.any(String),
    ]);
    expect((await on.local("GET", "/api/apps")).json<{ apps: object[] }>().apps).toEqual([]);
    expect(left()).toEqual([]);
  });

  /** Sends what no client would; resolves when the connection is over. */
  function sendRaw(pieces: (Buffer | string)[], then: (socket: Socket) => void = () => {}): Promise<string> {
    const head = `POST /api/apps/upload/zip HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000000\r\nContent-Type: multipart/form-data; boundary=B\r\n\r\n`;
    return new Promise((resolve) => {
      let read = "";
      const socket = connect(on.socketPath, () => {
        for (const piece of [head, ...pieces]) socket.write(piece);
        then(socket);
      });
      socket.on("data", (piece) => {
        read += piece;
      });
      socket.on("error", () => {}).on("close", () => resolve(read));
    });
  }

  test("whose sender goes away leaves nothing, and is no fault of ours", async () => {
    const { body } = form(zip(PAGE));
    for (const end of [10, 150, body.length - 20, body.length])
      await sendRaw([body.subarray(0, end)], (socket) => setTimeout(() => socket.destroy(), 50));
    await until("the uploads to be over", () => left().length === 0);
    expect((await on.local("GET", "/api/apps")).json<{ apps: object[] }>().apps).toEqual([]);
    expect(on.logged.filter(({ message }) => message === "unexpected error")).toEqual([]);
  });

  test.each([
    ["in the head of its file", '--B\r\nContent-Disposition: form-data; name="file"; filename="a"\r\nX: '],
    ["before it begins", "nothing"],
  ])("that goes on for ever %s is cut off", async (_, begin) => {
    on.context.settings.maxUploadMb = 1;
    const piece = Buffer.alloc(1_048_576, "x");
    const more = (socket: Socket): void => {
      if (!socket.destroyed) socket.write(piece, () => more(socket));
    };
    await sendRaw([begin], more);
    expect(left()).toEqual([]);
  });

  test("over the limit is refused while it comes", async () => {
    on.context.settings.maxUploadMb = 1;
    const answer = await on.local("POST", "/api/apps/upload/zip", form(Buffer.alloc(1_500_000)));
    expect(answer.status).toBe(413);
    expect(left()).toEqual([]);
  });
});

describe("a repository", () => {
  test("is fetched, deployed and fetched again", async () => {
    const repo = mkdtempSync("/tmp/g-repo-");
    onTestFinished(() => rmSync(repo, { recursive: true }));
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], { cwd: repo });
    const commit = (text: string) => {
      writeFileSync(join(repo, "index.html"), text);
      git("add", ".");
      git("commit", "-qm", `page ${text}`);
    };
    git("init", "-q", "-b", "main");
    commit("1");
    const { status, json } = await on.local("POST", "/api/apps/upload/git", {
      body: { name: "repo", url: repo, start: false },
    });
    expect(status).toBe(202);
    const first = await ended(json<{ deployment: { id: string } }>().deployment.id);
    expect(first).toMatchObject({ state: "done", release: 1, message: "page 1" });
    commit("2");
    expect(await deployed("repo")).toMatchObject({ state: "done", release: 2, message: "page 2" });
  });

  test.each([["ext::sh -c id"], ["-oProxyCommand=id"], ["https://a b/c"]])("%j is refused", async (url) => {
    const { status, text } = await on.local("POST", "/api/apps/upload/git", { body: { name: "repo", url } });
    expect([status, text]).toEqual([422, expect.not.stringContaining("ProxyCommand")]);
    expect((await on.local("GET", "/api/apps")).json<{ apps: object[] }>().apps).toEqual([]);
  });
});

describe("a folder", () => {
  function folder(files: Record<string, string>): string {
    const dir = realpathSync(mkdtempSync("/tmp/g-site-"));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(dir, path, ".."), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
    return dir;
  }
  interface Answer {
    app: { name: string };
    deployment: DeploymentView;
    created: boolean;
  }
  const deploy = async (path: string, more: object = {}) => {
    const body = { path, start: false, ...more };
    const { status, json, text } = await on.local("POST", "/api/deploy", { body });
    return { status, text, ...(status === 202 ? { answer: json<Answer>() } : {}) };
  };
  const names = async () =>
    (await on.local("GET", "/api/apps")).json<{ apps: { name: string }[] }>().apps.map(({ name }) => name);

  test("is registered, deployed, and known the next time; a link leads to the same", async () => {
    const dir = folder(PAGE);
    const first = await deploy(dir, { name: "site", message: "hello" });
    expect(first.answer).toMatchObject({ created: true, app: { name: "site", source: { path: dir } } });
    expect(await ended(first.answer?.deployment.id ?? "")).toMatchObject({
      state: "done",
      release: 1,
      source: dir,
      message: "hello",
    });
    writeFileSync(join(dir, "index.html"), "<p>2</p>");
    const link = join(folder({}), "link");
    symlinkSync(dir, link);
    const second = await deploy(link);
    expect(second.answer).toMatchObject({ created: false, app: { name: "site" } });
    expect(await ended(second.answer?.deployment.id ?? "")).toMatchObject({ state: "done", release: 2 });
    expect((await on.local("GET", "/api/apps/site/files/index.html?release=2")).text).toBe("<p>2</p>");
  });

  test("with a manifest is the app that this names, with its settings", async () => {
    const dir = folder({ "web/index.html": "x", "gantry.yaml": "name: shop\npath: web\nenv: { A: '1' }\n" });
    expect((await deploy(dir)).answer).toMatchObject({ created: true, app: { name: "shop" } });
    expect((await on.local("GET", "/api/apps/shop/config")).json()).toMatchObject({ env: { A: "1" } });
    expect((await deploy(join(dir, "gantry.yaml"))).answer).toMatchObject({ created: false });
  });

  test("with a manifest of several apps needs to be told which one", async () => {
    const dir = folder({
      "a/index.html": "a",
      "b/index.html": "b",
      "gantry.yaml": "apps: { one: { path: a }, two: { path: b } }",
    });
    const unclear = await deploy(dir);
    expect([unclear.status, unclear.text]).toEqual([
      422,
      expect.stringMatching(/2 apps: one, two.*--name one/),
    ]);
    expect((await deploy(dir, { name: "three" })).status).toBe(422);
    expect(await names()).toEqual([]);
    expect((await deploy(dir, { name: "two" })).answer).toMatchObject({ app: { name: "two" } });
    expect(await names()).toEqual(["two"]);
  });

  test("of two apps needs to be told which one", async () => {
    const dir = folder(PAGE);
    for (const name of ["one", "two"]) await deploy(dir, { name });
    expect((await deploy(dir)).status).toBe(422);
    expect((await deploy(dir, { name: "one" })).answer).toMatchObject({ created: false });
  });

  test.each([
    ["nothing in it", () => folder({}), {}, 422],
    ["a name that is taken", () => folder(PAGE), { name: "site" }, 409],
    ["a name that is none", () => folder(PAGE), { name: "../x" }, 422],
    ["a relative path", () => "site", {}, 422],
    ["no folder", () => "/nonexistent", {}, 422],
  ])("with %s is refused and changes nothing", async (_, dir, more, status) => {
    await typed();
    expect((await deploy(dir(), more)).status).toBe(status);
    expect(await names()).toEqual(["site"]);
  });
});

test("the log of a deployment is read on from where one was", async () => {
  await typed();
  const { id } = await deployed("site");
  const read = async (from: number) =>
    (await on.local("GET", `/api/deployments/${id}/log?from=${from}`)).text;
  const all = await read(0);
  expect(all).toMatch(/^== fetching the code\n/);
  expect(await read(3)).toBe(all.slice(3));
  expect(await read(all.length)).toBe("");
  expect(await read(1e12)).toBe("");
  expect((await on.local("GET", `/api/deployments/${id}/log?from=-1`)).status).toBe(422);
});
