import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/helpers/api.ts";
import { sampleRelease } from "../../test/helpers/sample-rows.ts";
import { parseEnvFile } from "../domain/env-file.ts";
import { secretPlace } from "../domain/sealed.ts";

let on: TestApi;
beforeEach(async () => {
  on = await createTestApi();
  await on.addApp("notes");
});
afterEach(() => on.end());

const at = (path: string) => `/api/apps/notes/${path}`.replace("notes/../", "");
const notes = () => {
  const app = on.context.store.apps.byName("notes");
  if (app === undefined) throw new Error("gone");
  return app;
};
const get = async (path: string) => (await on.local("GET", at(path))).json();
const send = (method: string, path: string, body?: unknown) =>
  on.local(method, at(path), body === undefined ? {} : { body });
/** What must be the same before and after a refusal. */
const state = async () => [notes(), (await on.context.store.events({ limit: 1_000 })).length];

describe("variables", () => {
  test("are set, read, replaced and removed, one or all", async () => {
    expect((await send("PUT", "env", { A: "1", B: " $PORT #2\n" })).status).toBe(200);
    expect(await get("env")).toEqual({ A: "1", B: " $PORT #2\n" });
    expect((await send("PATCH", "env", { A: null, C: "" })).json()).toMatchObject({ name: "notes" });
    expect((await send("PUT", "env/D", { value: "4" })).status).toBe(200);
    expect(await get("env")).toEqual({ B: " $PORT #2\n", C: "", D: "4" });
    expect(await get("env/C")).toEqual({ name: "C", value: "" });
    expect((await send("DELETE", "env/D")).status).toBe(204);
    expect((await send("PUT", "env", { E: "5" })).status).toBe(200);
    expect(await get("env")).toEqual({ E: "5" });
    expect((await send("DELETE", "env")).status).toBe(204);
    expect(await get("env")).toEqual({});
  });

  test("of a running app change without force, and are said to wait", async () => {
    const sample = sampleRelease("r1", notes().id);
    const release = { ...sample, config: notes().config, launch: { ...sample.launch, cwd: on.home } };
    const wanted = { ...notes(), wanted: true, targetReleaseId: release.id };
    await on.context.store.write({ put: { releases: [release], apps: [wanted] } });
    const changed = (await send("PATCH", "env", { A: "1" })).json<{ notApplied: string[] }>();
    expect(changed.notApplied).toEqual(["env.A"]);
    await send("PATCH", "secrets", { S: "1" });
    expect(await get("status")).toMatchObject({ notApplied: ["env.A", "secrets.S"], secrets: ["S"] });
    await send("DELETE", "env/A");
    await send("DELETE", "secrets/S");
    expect(await get("status")).toMatchObject({ notApplied: [] });
  });

  test.each([
    ["PUT", "env", { "1A": "x" }, 422, /can't be the name/],
    ["PUT", "env", { "A-B": "x" }, 422, /can't be the name/],
    ["PUT", "env", { ["A".repeat(256)]: "x" }, 422, /longer than 255/],
    ["PUT", "env", { A: "sesame\0" }, 422, /NUL/],
    ["PUT", "env", { A: "sesame\ud800" }, 422, /Unicode/],
    ["PUT", "env", { A: "sesame".repeat(40_000) }, 422, /128 KiB/],
    ["PUT", "env", { A: 1 }, 422, /A: /],
    ["PUT", "env", { A: null }, 422, /A: /],
    ["PUT", "env", ["A"], 422, /request/],
    ["PATCH", "env", { A: "1", B: null }, 404, /no variable B/],
    ["PATCH", "env", { A: "1", PORT: "80" }, 422, /PORT is set by Gantry/],
    ["PATCH", "env", { HOST: "::" }, 422, /HOST is set by Gantry/],
    ["PATCH", "secrets", { PORT: "80" }, 422, /PORT is set by Gantry/],
    ["PATCH", "env", { GANTRY_DATA: "/" }, 422, /set by Gantry/],
    ["PUT", "env/A", { value: "x", more: 1 }, 422, /more/],
    ["PUT", "env/A", {}, 422, /value/],
    ["PUT", "env/A%20B", { value: "x" }, 422, /can't be the name/],
    ["PUT", "env/__proto__", { value: "x" }, 422, /can't be set/],
    ["DELETE", "env/__proto__", undefined, 404, /no variable/],
    ["DELETE", "env/toString", undefined, 404, /no variable/],
    ["GET", "env/toString", undefined, 404, /no variable/],
    ["GET", "secrets/toString", undefined, 404, /no secret/],
    ["DELETE", "secrets/X", undefined, 404, /no secret X/],
    ["POST", "env/import", { text: "A=1\nsesame" }, 422, /\.env:2/],
    ["POST", "env/import", { text: "A='sesame" }, 422, /\.env:1/],
    ["POST", "env/import", {}, 422, /text/],
    ["POST", "env/import", { text: "", kind: "config" }, 422, /kind/],
  ])("%s %s with %j is refused", async (method, path, body, status, message) => {
    const before = await state();
    const answer = await send(method, path, body);
    expect(answer.status).toBe(status);
    const { error } = answer.json<{ error: { message: string } }>();
    expect(error.message).toMatch(message);
    expect(answer.text).not.toContain("sesame");
    expect(await state()).toEqual(before);
  });

  test("are together not larger than 1 MiB, secrets included", async () => {
    const value = "x".repeat(120_000);
    const some = (from: number, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`V${from + index}`, value]));
    expect((await send("PUT", "env", some(0, 4))).status).toBe(200);
    expect((await send("PUT", "secrets", some(4, 4))).status).toBe(200);
    const before = await state();
    for (const path of ["env", "secrets"]) {
      const answer = await send("PATCH", path, some(8, 1));
      expect([answer.status, answer.text]).toEqual([422, expect.stringContaining("larger than 1 MiB")]);
    }
    expect(await state()).toEqual(before);
    expect((await send("PUT", "env", some(20, 5))).status).toBe(422);
    expect((await send("PATCH", "env", { V0: null, V9: value.slice(9) })).status).toBe(200);
  });

  test("that stay as they are change nothing", async () => {
    await send("PUT", "env", { A: "1" });
    await send("PUT", "secrets", { S: "1" });
    const before = await state();
    for (const body of [{ A: "1" }, {}]) expect((await send("PATCH", "env", body)).status).toBe(200);
    expect((await send("PUT", "secrets", { S: "1" })).status).toBe(200);
    expect((await send("PUT", "secrets/S", { value: "********" })).status).toBe(200);
    expect(await state()).toEqual(before);
  });

  test("follow If-Match", async () => {
    const etag = String((await on.local("GET", at("env"))).headers.etag);
    const put = (tag: string) =>
      on.local("PUT", at("env"), { body: { A: tag }, headers: { "if-match": tag } });
    const first = await put(etag);
    expect(first.status).toBe(200);
    expect((await put(etag)).status).toBe(412);
    expect(await get("env")).toEqual({ A: etag });
    expect((await put(String(first.headers.etag))).status).toBe(200);
    for (const [method, path] of [
      ["DELETE", "env"],
      ["DELETE", "env/A"],
      ["DELETE", "secrets"],
    ] as const)
      expect((await on.local(method, at(path), { headers: { "if-match": etag } })).status).toBe(412);
  });

  test("come from a .env file and go back to one, each value exactly as it is", async () => {
    await send("PUT", "env", { KEPT: "1" });
    const text = "# for development\nPORT=3000\nA='x y'\nexport B=\"1\\n2\"\r\nHOST=0.0.0.0\n";
    expect((await send("POST", "env/import", { text })).json()).toMatchObject({
      names: ["A", "B"],
      warnings: [expect.stringMatching(/^PORT was left out/), expect.stringMatching(/^HOST was left out/)],
    });
    expect(await get("env")).toEqual({ KEPT: "1", A: "x y", B: "1\n2" });

    const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/).filter((each) => each !== "PORT");
    const value = fc
      .oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[ $#'"\\\n\r\t=a`{}]*$/))
      .filter((each) => !each.includes("\0"));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, value, { noNullPrototype: true, maxKeys: 5 }), async (env) => {
        expect((await send("PUT", "env", env)).status).toBe(200);
        const exported = await on.local("GET", at("env?format=dotenv"));
        expect(exported.headers["content-type"]).toMatch(/^text\/plain/);
        expect(parseEnvFile(exported.text, "x")).toEqual(env);
        await send("DELETE", "env");
        await send("POST", "env/import", { text: exported.text });
        expect(await get("env")).toEqual(env);
      }),
      { numRuns: 40 },
    );
  });
});

describe("secrets", () => {
  test("are kept sealed, and shown to nobody", async () => {
    await send("PUT", "secrets", { KEY: "open sesame", OTHER: "s2" });
    await send("PUT", "secrets/THIRD", { value: "open sesame 3" });
    await send("POST", "env/import", { text: "FOURTH=open sesame 4", kind: "secrets" });
    await send("DELETE", "secrets/OTHER");
    const masked = { FOURTH: "********", KEY: "********", THIRD: "********" };
    expect(await get("secrets")).toEqual(masked);
    expect(await get("secrets/KEY")).toEqual({ name: "KEY", value: "********" });
    const { id, secrets = {} } = notes();
    expect(on.context.sealer.open(secrets.KEY ?? "", secretPlace(id, "KEY"))).toBe("open sesame");
    const shown = [
      ...(await Promise.all(["", "status", "config", "env"].map((path) => get(path)))),
      (await on.local("GET", "/api/apps")).text,
      (await on.local("GET", "/api/export")).text,
      await on.context.store.events({ limit: 1_000 }),
      on.logged,
      secrets,
      readFileSync(join(on.home, "gantry.db")).toString("latin1"),
      readFileSync(join(on.home, "gantry.db-wal")).toString("latin1"),
    ];
    expect(JSON.stringify(shown)).not.toContain("sesame");
    expect(JSON.stringify(shown)).toContain("secret KEY set");
  });

  test("a list that comes back masked leaves them as they are", async () => {
    await send("PUT", "secrets", { KEY: "value", GONE: "x" });
    const before = notes().secrets?.KEY;
    expect((await send("PUT", "secrets", { KEY: "********" })).status).toBe(200);
    expect(notes().secrets).toEqual({ KEY: before });
    expect((await send("PUT", "secrets", { NEW: "********" })).status).toBe(422);
  });

  test("and variables do not share a name, unless it is moved by force", async () => {
    await send("PUT", "env", { A: "1" });
    await send("PUT", "secrets", { S: "2" });
    const before = await state();
    for (const [method, path, body] of [
      ["PATCH", "env", { S: "x", T: "y" }],
      ["PUT", "secrets", { A: "x" }],
      ["PUT", "env/S", { value: "x" }],
      ["POST", "env/import", { text: "S=x" }],
      ["PATCH", "../notes?force=true", { env: { S: "x" } }],
    ] as const) {
      const answer = await send(method, path, body);
      expect([answer.status, answer.json<{ error: { code: string } }>().error.code], path).toEqual([
        409,
        "variable-taken",
      ]);
    }
    expect(await state()).toEqual(before);
    expect((await send("PUT", "env/S?force=true", { value: "x" })).status).toBe(200);
    expect((await send("PATCH", "secrets?force=true", { A: "y" })).status).toBe(200);
    expect([await get("env"), await get("secrets")]).toEqual([{ S: "x" }, { A: "********" }]);
  });

  test("no new key takes the place of one that is missing", async () => {
    await send("PUT", "secrets", { KEY: "value" });
    const file = join(on.home, "key");
    const key = readFileSync(file);
    rmSync(file);
    await on.addApp("shop");
    const put = (app: string) => on.local("PUT", `/api/apps/${app}/secrets`, { body: { B: "2" } });
    for (const app of ["notes", "shop"]) {
      const answer = await put(app);
      expect([answer.status, answer.text]).toEqual([503, expect.stringMatching(/missing.*notes/)]);
    }
    // Variables need no key; names are known without it.
    expect((await send("PATCH", "env", { A: "1" })).status).toBe(200);
    expect(await get("secrets")).toEqual({ KEY: "********" });
    writeFileSync(file, key);
    expect((await put("shop")).status).toBe(200);
    // Who has lost it gives up the old ones, then starts anew.
    rmSync(file);
    for (const app of ["notes", "shop"])
      expect((await on.local("DELETE", `/api/apps/${app}/secrets`)).status).toBe(204);
    expect((await put("shop")).status).toBe(200);
  });

  test.runIf(process.getuid?.() !== 0)("a key that can't be made changes nothing", async () => {
    chmodSync(on.home, 0o500);
    try {
      expect((await send("PUT", "secrets", { KEY: "value" })).status).toBe(503);
      expect(notes().secrets).toBeUndefined();
    } finally {
      chmodSync(on.home, 0o700);
    }
  });
});
