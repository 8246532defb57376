import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { toolchainBench, toolchainContract } from "../../../test/contracts/toolchain.ts";
import { createStatic } from "./index.ts";

const bench = toolchainBench();

describe("static", () => {
  toolchainContract(createStatic, bench, [
    {
      fixture: "static-site",
      expected: { run: null, entry: null, listens: "none", check: { type: "none" } },
    },
  ]);

  it.each(["public", "dist", "build", "docs", "_site"])("finds the site in %s", async (folder) => {
    const dir = bench.copy("static-site");
    mkdirSync(join(dir, folder));
    renameSync(join(dir, "index.html"), join(dir, folder, "index.html"));
    const detection = await createStatic().detect(dir, { entry: null, run: null });
    expect(detection?.evidence).toEqual([`${folder}/index.html`]);
    expect(await createStatic().build(bench.order(dir, detection!))).toMatchObject({
      staticRoot: join(dir, folder),
    });
  });

  it("leaves a folder alone whose owner says how to run it", async () => {
    const dir = bench.copy("static-site");
    expect(await createStatic().detect(dir, { entry: null, run: "sh x.sh" })).toBeNull();
  });
});
