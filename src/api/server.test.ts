import { statSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/helpers/api.ts";

let on: TestApi;
beforeEach(async () => {
  on = await createTestApi();
});
afterEach(() => on.end());

const codeOf = (answer: { json: () => unknown }) => (answer.json() as { error: { code: string } }).error.code;

describe("the two doors", () => {
  test("the socket is for its owner alone and gives full rights", async () => {
    expect(statSync(on.socketPath).mode & 0o777).toBe(0o600);
    const answer = await on.local("GET", "/api/apps");
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({ apps: [], nextCursor: null });
  });

  test("over TCP only /health answers without a session", async () => {
    expect((await on.remote("GET", "/health")).json()).toEqual({ ok: true });
    for (const path of ["/", "/api/apps", "/api/events", "/metrics", "/docs", "/openapi.json", "/nowhere"]) {
      const answer = await on.remote("GET", path);
      expect([path, answer.status, codeOf(answer)]).toEqual([path, 401, "signed-out"]);
    }
  });
});
