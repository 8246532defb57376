import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { toolchainBench } from "../../../test/contracts/toolchain.ts";
import { createPython } from "./index.ts";

const bench = toolchainBench();
afterEach(() => vi.unstubAllEnvs());

it.each([
  ["uv", true],
  ["pip", false],
])("what %s installs is compiled, whatever the machine's own habits", async (_name, uv) => {
  const dir = bench.copy("plain-script");
  writeFileSync(join(dir, "requirements.txt"), "six==1.16.0\n");
  vi.stubEnv("PYTHONDONTWRITEBYTECODE", "1");
  vi.stubEnv("PYTHONPYCACHEPREFIX", join(dir, "../elsewhere"));
  vi.stubEnv("PYTHONOPTIMIZE", "1");
  vi.stubEnv("PIP_NO_COMPILE", "no"); // pip reads its negative options the other way round.
  const python = createPython({ uv });
  const detection = await python.detect(dir, { entry: null, run: null });
  const order = bench.order(dir, detection!, { envsDir: join(dir, "../envs") });
  const { env } = await python.build(order);
  const files = readdirSync(join(env.VIRTUAL_ENV!, "lib"), { recursive: true, encoding: "utf8" });
  expect(files.join("\n")).toMatch(/^[^/]+\/site-packages\/__pycache__\/six\.cpython-\d+\.pyc$/m);
});
