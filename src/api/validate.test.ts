import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/helpers/api.ts";
import { until } from "../../test/helpers/until.ts";
import type { Diagnostic } from "../domain/diagnostic.ts";

const APP = "from fastapi import FastAPI\n\napp = FastAPI()\n";
const FILES = { "main.py": APP, "requirements.txt": "fastapi\n" };

let on: TestApi;
beforeEach(async () => {
  on = await createTestApi();
});
afterEach(() => on.end());

interface Answer {
  ok: boolean;
  diagnostics: Diagnostic[];
  detection: { run: string | null } | null;
  durationMs: number;
}

async function validate(path: string, body: object): Promise<Answer> {
  const { status, text, json } = await on.local("POST", path, { body });
  expect([status, text]).toEqual([200, expect.any(String)]);
  return json<Answer>();
}
const typed = (name: string, files: Record<string, unknown> = FILES) =>
  on.local("POST", "/api/apps/upload/files", { body: { name, files, deploy: false } });

describe("code of no app", () => {
  test("is looked at in memory", async () => {
    const good = await validate("/api/validate", { files: FILES });
    expect(good).toMatchObject({ ok: true, diagnostics: [], detection: { framework: "fastapi" } });
    expect(good.durationMs).toBeGreaterThan(0);
    const bad = await validate("/api/validate", { files: { ...FILES, "main.py": `${APP}def f(:\n` } });
    expect(bad).toMatchObject({
      ok: false,
      diagnostics: [
        { file: "main.py", line: 4, column: 7, severity: "error", code: "syntax", message: "invalid syntax" },
      ],
    });
  });

  test("with nothing to run, or an entry that is not there, is told as such", async () => {
    expect(await validate("/api/validate", { files: { "notes.md": "" } })).toEqual({
      ok: false,
      diagnostics: [expect.objectContaining({ file: null, code: "entry" })],
      detection: null,
      durationMs: expect.any(Number),
    });
    const { diagnostics } = await validate("/api/validate", { files: FILES, entry: "gone:app" });
    expect(diagnostics[0]?.message).toBe("gone:app is no entry: there is no gone.py in the code");
  });

  test("may be a folder", async () => {
    const path = mkdtempSync("/tmp/g-v-");
    onTestFinished(() => rmSync(path, { recursive: true, force: true }));
    writeFileSync(join(path, "main.py"), "x = (\n");
    expect((await validate("/api/validate", { path })).diagnostics).toMatchObject([
      { file: "main.py", line: 1, code: "syntax" },
    ]);
  });

  test("is refused where it is none", async () => {
    for (const body of [
      {},
      { files: {}, path: "/tmp" },
      { files: { "../x": "" } },
      { files: { a: { base64: "?" } } },
      { path: "relative" },
      { path: "/does/not/exist" },
    ]) {
      const { status } = await on.local("POST", "/api/validate", { body });
      expect([body, status]).toEqual([body, 422]);
    }
  });
});

describe("an app's code", () => {
  test("is its draft, with the editor's contents over it, and nothing is saved", async () => {
    await typed("notes", { ...FILES, "helper.py": "" });
    const draft = await on.local("GET", "/api/apps/notes/draft");
    const objects = () => readdirSync(join(on.home, "apps/notes/releases"), { recursive: true }).length;
    const before = objects();
    expect(await validate("/api/apps/notes/validate", {})).toMatchObject({ ok: true });
    const files = { "main.py": `import helper\n${APP}`, "helper.py": "x = (\n" };
    expect(await validate("/api/apps/notes/validate", { files })).toMatchObject({
      ok: false,
      diagnostics: [{ file: "helper.py", line: 1, column: 5 }],
    });
    const gone = await validate("/api/apps/notes/validate", {
      files: { "main.py": null, "helper.py": null },
    });
    expect(gone.ok).toBe(false);
    expect(objects()).toBe(before);
    expect((await on.local("GET", "/api/apps/notes/draft")).text).toBe(draft.text);
    const { status } = await on.local("POST", "/api/apps/none/validate", { body: {} });
    expect(status).toBe(404);
  });

  test("in a sub-folder is told from the root of the tree, as an editor has it", async () => {
    await typed("notes", { "backend/main.py": APP, "backend/helper.py": "", "main.py": "x = (\n" });
    const app = [...on.context.store.apps.all()].find(({ name }) => name === "notes")!;
    const row = { ...app, draft: { ...app.draft!, subfolder: "backend" } };
    await on.context.store.write({ put: { apps: [row] } });
    expect(await validate("/api/apps/notes/validate", {})).toMatchObject({ ok: true, diagnostics: [] });
    const files = { "backend/main.py": `import helper\n${APP}`, "backend/helper.py": "x = (\n" };
    expect(await validate("/api/apps/notes/validate", { files })).toMatchObject({
      ok: false,
      diagnostics: [{ file: "backend/helper.py", severity: "error" }],
    });
  });

  test("of a linked folder is what lies there, with the editor's contents over it", async () => {
    const path = mkdtempSync("/tmp/g-v-");
    onTestFinished(() => rmSync(path, { recursive: true, force: true }));
    mkdirSync(join(path, "node_modules"));
    writeFileSync(join(path, "main.py"), APP);
    await on.addApp("linked", { source: { type: "folder", path } });
    expect(await validate("/api/apps/linked/validate", {})).toMatchObject({ ok: true });
    const files = { "scratch.py": "x = (\n" };
    expect(await validate("/api/apps/linked/validate", { files })).toMatchObject({
      ok: true,
      diagnostics: [{ file: "scratch.py", severity: "warning" }],
    });
    writeFileSync(join(path, "main.py"), "x = (\n");
    expect(await validate("/api/validate", { path })).toMatchObject({ ok: false });
  });

  test("comes with conflicts of its port", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await until("a port", () => server.listening);
    const { port } = server.address() as { port: number };
    await typed("notes");
    await on.local("PATCH", "/api/apps/notes?force=true", { body: { port } });
    const { ok, diagnostics } = await validate("/api/apps/notes/validate", {});
    expect([ok, diagnostics]).toEqual([
      false,
      [expect.objectContaining({ file: null, code: "port", message: expect.stringContaining(`${port}`) })],
    ]);
  });
});

describe("a deploy", () => {
  test("of broken code fails before anything is built, and says where", async () => {
    await typed("notes", { ...FILES, "main.py": `${APP}def f(:\n`, "scratch.py": "(\n" });
    const begun = await on.local("POST", "/api/apps/notes/deploy", { body: { start: false } });
    const ended = await until("its end", async () => {
      const now = (await on.local("GET", `/api/deployments/${begun.json<{ id: string }>().id}`)).json<{
        open: boolean;
        stages: { stage: string; state: string }[];
      }>();
      return now.open ? null : now;
    });
    expect(ended).toMatchObject({
      state: "failed",
      reason: "main.py:4:7: invalid syntax",
      release: null,
      diagnostics: [
        { file: "main.py", line: 4, severity: "error" },
        { file: "scratch.py", severity: "warning" },
      ],
    });
    expect(ended.stages.map(({ stage, state }) => `${stage} ${state}`)).toEqual([
      "fetch done",
      "validate failed",
    ]);
  });
});
