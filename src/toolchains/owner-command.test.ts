import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ownerArgv, ownerCommand } from "./owner-command.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "gantry-owner-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const NONE = { entry: null, run: null };
const plain = { shell: false, args: [] };

describe("ownerCommand", () => {
  it("is run: before the Procfile, which does not count beside entry:", async () => {
    writeFileSync(join(dir, "Procfile"), "web: from procfile\n");
    expect(await ownerCommand(dir, { ...NONE, run: "from run" })).toMatchObject({
      text: "from run",
      from: "run",
    });
    expect(await ownerCommand(dir, NONE)).toMatchObject({ text: "from procfile", from: "Procfile" });
    expect(await ownerCommand(dir, { ...NONE, entry: "main:app" })).toBeNull();
  });

  it.each([
    ["web: a\nworker: b", "a"],
    ["# c\r\n\r\nweb:   a --x  \r\n", "a --x"],
    ["worker: b", "b"],
    ["worker: b\nclock: c", null],
    ["nothing", null],
    ["", null],
  ])("reads the Procfile %j", async (text, expected) => {
    writeFileSync(join(dir, "Procfile"), text);
    expect((await ownerCommand(dir, NONE))?.text ?? null).toBe(expected);
  });

  it("takes assignments off the front", async () => {
    const command = await ownerCommand(dir, { ...NONE, run: `A=1 B='x y' sh -c A=2` });
    expect(command).toMatchObject({ words: ["sh", "-c", "A=2"], env: { A: "1", B: "x y" } });
  });
});

describe("ownerArgv", () => {
  const argv = async (run: string, more: { shell: boolean; args: string[] }) => {
    const command = await ownerCommand(dir, { ...NONE, run });
    return ownerArgv(command!, more);
  };

  it("splits without a shell and adds the further words", async () => {
    expect(await argv("a 'b c' $PORT", { shell: false, args: ["d e"] })).toEqual([
      "a",
      "b c",
      "$PORT",
      "d e",
    ]);
  });

  it("uses a shell only when the owner wants one", async () => {
    expect(await argv("a && b", { shell: true, args: ["c d"] })).toEqual(["/bin/sh", "-c", "a && b 'c d'"]);
  });

  it.each([
    ["a && b", "run: the operator && needs shell: true"],
    ["a 'b", "run: a quote (') is not closed"],
    ["", "run: it is empty"],
    ["   ", "run: it is empty"],
  ])("refuses %j", async (run, message) => {
    await expect(argv(run, plain)).rejects.toMatchObject({ code: "invalid-setting", message });
  });
});
