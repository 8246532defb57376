// What can't be started is refused with a sentence, and nothing is left of the attempt.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Bench, makeBench } from "../../../test/helpers/process-bench.ts";

describe("refusals to start", () => {
  let bench: Bench;
  beforeEach(() => {
    bench = makeBench("mark");
    writeFileSync(join(bench.home, "plain"), "hello\n", { mode: 0o755 });
    writeFileSync(join(bench.home, "not-executable"), "#!/bin/sh\n", { mode: 0o644 });
    writeFileSync(join(bench.home, "lost"), "#!/no/such/python3\n", { mode: 0o755 });
    writeFileSync(join(bench.home, "windows"), "#!/bin/sh\r\necho\r\n", { mode: 0o755 });
    writeFileSync(join(bench.home, "good"), "#!/bin/sh\nexit 4\n", { mode: 0o755 });
    mkdirSync(join(bench.home, "folder"));
    mkdirSync(join(bench.home, "bin"));
    writeFileSync(join(bench.home, "bin", "own-tool"), "#!/bin/sh\nexit 6\n", { mode: 0o755 });
  });
  afterEach(() => bench.dispose());

  it.each<[string, string[], string | undefined, RegExp]>([
    ["no command", [], undefined, /no command/],
    ["an empty command", [""], undefined, /no command/],
    ["a missing command", ["nope"], undefined, /"nope" was not found in the app's PATH/],
    ["a missing path", ["./nope"], undefined, /does not exist/],
    ["a folder", ["./folder"], undefined, /is a folder/],
    ["no execute bit", ["./not-executable"], undefined, /not executable/],
    ["text without #!", ["./plain"], undefined, /text file without a "#!" line/],
    ["a lost interpreter", ["./lost"], undefined, /no\/such\/python3, which does not exist/],
    ["Windows line ends", ["./windows"], undefined, /Windows line ends/],
    ["a NUL", ["sh", "a\0b"], undefined, /NUL/],
    ["a missing folder", ["true"], "/no/such/folder", /does not exist/],
    ["a file as folder", ["true"], "/etc/passwd", /not a folder/],
    [
      "a word that is too long",
      ["true", "x".repeat(140_000)],
      undefined,
      /word 2 of the command line is too long/,
    ],
    ["too many words", ["true", ...Array(30).fill("x".repeat(100_000))], undefined, /together are too long/],
  ])("%s", async (_, argv, cwd, message) => {
    const order = bench.order("a", argv, cwd === undefined ? {} : { cwd });
    const refusal = await bench.engine.start(order).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "start-failed", message: expect.stringMatching(message) });
    expect((await bench.engine.adopt([])).orphans.size).toBe(0);
  });

  it.each<[string, string[], number]>([
    ["relative to the app's folder", ["./good"], 4],
    ["in the PATH of the order", ["own-tool"], 6],
  ])("a command %s is found", async (_, argv, code) => {
    const env = { PATH: `/nowhere:${join(bench.home, "bin")}` };
    const handle = await bench.engine.start(bench.order("a", argv, { env }));
    await expect
      .poll(() => bench.engine.inspect("a", handle))
      .toEqual({ status: "ended", exit: { code, signal: null } });
  });

  it.skipIf(process.getuid?.() === 0)("a folder that can't be entered", async () => {
    chmodSync(join(bench.home, "folder"), 0);
    const order = bench.order("a", ["true"], { cwd: join(bench.home, "folder") });
    await expect(bench.engine.start(order)).rejects.toMatchObject({ code: "start-failed" });
  });
});
