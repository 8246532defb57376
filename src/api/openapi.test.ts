import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientTypesText, openApiText } from "../../scripts/openapi.ts";
import { createTestApi, type TestApi } from "../../test/helpers/api.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

interface Operation {
  summary?: string;
  parameters?: { in: string; name: string }[];
  requestBody?: { required?: boolean };
  responses: Record<string, { content?: Record<string, { schema: { $ref?: string } }> }>;
}
const document = JSON.parse(read("openapi.json")) as {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
);

describe("openapi.json", () => {
  test("is up to date, and so are the client's types", async () => {
    const text = await openApiText();
    expect(text === read("openapi.json"), "run npm run openapi").toBe(true);
    expect((await clientTypesText(text)) === read("src/client/types.ts"), "run npm run openapi").toBe(true);
  }, 30_000);

  test("is OpenAPI 3.1 whose references all lead somewhere", () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g);
    for (const [, name] of references) expect(Object.keys(document.components.schemas)).toContain(name);
    expect(JSON.stringify(document)).not.toContain("x-optional");
  });

  test.each(operations)(
    "$name says what it is for, what it takes and how errors look",
    ({ path, operation }) => {
      expect(operation.summary).toBeTruthy();
      const named = [...path.matchAll(/\{([\w*]+)\}/g)].map(([, name]) => name);
      const described =
        operation.parameters?.filter((one) => one.in === "path").map(({ name }) => name) ?? [];
      expect(described).toEqual(named);
      expect(operation.responses.default?.content?.["application/json"]?.schema.$ref).toBe(
        "#/components/schemas/Problem",
      );
      expect(Object.keys(operation.responses).some((status) => /^[23]/.test(status))).toBe(true);
    },
  );

  test("tells which bodies may be left out", () => {
    expect(document.paths["/api/apps/{id}/start"]?.post?.requestBody?.required).toBe(false);
    expect(document.paths["/api/apps"]?.post?.requestBody?.required).toBe(true);
  });
});

describe("the pages of the API", () => {
  let on: TestApi;
  let headers: Record<string, string>;
  beforeAll(async () => {
    on = await createTestApi();
    headers = { cookie: await on.signIn() };
  });
  afterAll(() => on.end());

  test("/openapi.json is the file", async () => {
    const answer = await on.remote("GET", "/openapi.json", { headers });
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(answer.text).toBe(read("openapi.json"));
  });

  test("/docs needs no other host: all that it loads comes from here, and its policy lets nothing else in", async () => {
    const page = await on.remote("GET", "/docs", { headers });
    expect(page.text).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(page.headers["content-security-policy"]).not.toMatch(/https?:|\*/);
    const loaded = [...page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => String(path));
    expect(loaded).toHaveLength(3);
    for (const path of loaded) {
      const asset = await on.remote("GET", path, { headers });
      expect([path, asset.status]).toEqual([path, 200]);
      expect(asset.headers["content-type"]).toMatch(path.endsWith(".css") ? "text/css" : "text/javascript");
      expect(asset.headers["x-content-type-options"]).toBe("nosniff");
    }
  });

  test("/ lists the apps, and shows what they are called as text", async () => {
    const none = await on.remote("GET", "/", { headers });
    expect(none.text).toContain("gantry up");
    await on.addApp("notes");
    const page = await on.remote("GET", "/", { headers });
    expect(page.text).toContain('<a href="http://notes.localhost:7080">');
    const style = /style-src '(sha256-[^']+)'/.exec(String(page.headers["content-security-policy"]))?.[1];
    const { createHash } = await import("node:crypto");
    const used = /<style>(.*?)<\/style>/s.exec(page.text)?.[1] ?? "";
    expect(`sha256-${createHash("sha256").update(used).digest("base64")}`).toBe(style);
  });

  test("/metrics counts apps by state", async () => {
    const answer = await on.local("GET", "/metrics");
    expect(answer.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(answer.text).toMatch(/^gantry_apps\{state="\w+"\} 1$/m);
    expect(answer.text).toContain('gantry_app_up{app="notes"} 0');
  });
});
