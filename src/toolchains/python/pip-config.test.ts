import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { parseConfig, uvEnvironment } from "./pip-config.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "gantry-pip-"));
  for (const name of [
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "PIP_CERT",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "UV_DEFAULT_INDEX",
  ])
    vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true });
});

it("reads pip's files with continued values", () => {
  const text =
    "# c\n[global]\nindex_url = https://a.example/\nextra-index-url =\n    https://b.example/\n    https://c.example/\n; c\n[list]\nformat = columns\n[install]\nno-index: yes\n";
  expect([...parseConfig(text)]).toEqual([
    ["index-url", "https://a.example/"],
    ["extra-index-url", "https://b.example/ https://c.example/"],
    ["no-index", "yes"],
  ]);
});

it("hands index and certificates to uv; the environment wins over files, uv's own over both", async () => {
  writeFileSync(join(dir, "pip.conf"), "[global]\nindex-url = https://file.example/\ncert = /file.pem\n");
  vi.stubEnv("PIP_CONFIG_FILE", join(dir, "pip.conf"));
  expect(await uvEnvironment()).toMatchObject({
    UV_DEFAULT_INDEX: "https://file.example/",
    SSL_CERT_FILE: "/file.pem",
  });
  vi.stubEnv("PIP_INDEX_URL", "https://env.example/");
  expect(await uvEnvironment()).toMatchObject({ UV_DEFAULT_INDEX: "https://env.example/" });
  vi.stubEnv("UV_DEFAULT_INDEX", "https://uv.example/");
  expect(await uvEnvironment()).toMatchObject({ UV_DEFAULT_INDEX: "https://uv.example/" });
});

it("keeps what is meant for apps from the helpers", async () => {
  for (const [name, value] of [
    ["LD_PRELOAD", "/x.so"],
    ["PYTHONPATH", "/x"],
    ["VIRTUAL_ENV", "/x"],
    ["NODE_OPTIONS", "-x"],
  ])
    vi.stubEnv(name!, value);
  const env = await uvEnvironment();
  for (const name of ["LD_PRELOAD", "PYTHONPATH", "VIRTUAL_ENV", "NODE_OPTIONS"])
    expect(env[name]).toBeUndefined();
});
