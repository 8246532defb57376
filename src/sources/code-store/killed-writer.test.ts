// kill -9 at any moment: what is visible of code is whole.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type CodeBed, codeBed, filesIn } from "../../../test/helpers/code-bed.ts";

const PROGRAM = join(import.meta.dirname, "../../../test/fixtures/programs/keep-code.ts");

let bed: CodeBed | undefined;
afterEach(() => bed?.end());

test("a killed writer leaves whole trees and whole working copies only", async () => {
  bed = codeBed();
  for (let round = 0; round < 12; round += 1) {
    const last = await writeUntilKilled(bed.home, round * 1_000);
    // A store that knows nothing of the killed one.
    const { store, names, root } = codeBed(bed.home);
    const trees = names("trees").map((name) => name.replace(".json", ""));
    expect(trees).toContain(last);
    for (const hash of trees) {
      const { files } = await store.tree("app", hash);
      for (const { path } of files) await store.read("app", hash, path);
    }
    for (const name of names("work")) {
      const paths = Object.keys(filesIn(join(root(), "work", name)));
      expect(paths).toHaveLength(12);
      const hash = trees.find((each) => each.startsWith(name));
      if (hash === undefined) continue;
      for (const path of paths)
        expect(filesIn(join(root(), "work", name))[path]).toBe(String(await store.read("app", hash, path)));
    }
    expect(readdirSync(root()).sort()).toEqual(["incoming", "objects", "trees", "work"]);
    await store.prune("app", new Set([last]));
    await store.checkOut("app", last);
    expect(names("trees")).toHaveLength(1);
  }
});

/** Returns the last hash that was said to be stored. */
async function writeUntilKilled(home: string, seed: number): Promise<string> {
  const child = spawn(process.execPath, [PROGRAM, home, String(seed)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (text: Buffer) => {
    output += text;
  });
  try {
    while (output.split("\n").length < 3) await once(child.stdout, "data");
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 120));
  } finally {
    child.kill("SIGKILL");
  }
  await once(child, "close");
  return output.split("\n").at(-2) ?? "";
}
