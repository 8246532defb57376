import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sealedMark } from "../domain/sealed.ts";
import { createSealer } from "./sealer.ts";

let home: string;
let keyFile: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "gantry-sealer-"));
  keyFile = join(home, "key");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const open = (...holders: string[]) =>
  createSealer({ keyFile, holders: () => holders, refuse: (reason) => new Error(reason) });

const flipped = (text: string, at: number): string =>
  text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);

describe("a sealer", () => {
  it("gives back any text, to a later daemon too", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (text, place) => {
        expect(open().open(open().seal(text, place), place)).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it("keeps the key in a private file, and no text in what it seals", () => {
    const sealed = open().seal("hunter2 hunter2", "a/secret/X");
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(keyFile)).toHaveLength(32);
    expect(readdirSync(home)).toEqual(["key"]);
    expect(Buffer.from(sealed.split(".")[2] ?? "", "base64url").toString("latin1")).not.toContain("hunter2");
  });

  it("makes a key that others may read private again", () => {
    const sealed = open().seal("x", "p");
    chmodSync(keyFile, 0o644);
    expect(open().open(sealed, "p")).toBe("x");
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  });

  it("seals the same text differently each time, under the same mark", () => {
    const sealer = open();
    const [one, two] = [sealer.seal("x", "p"), sealer.seal("x", "p")];
    expect(one).not.toBe(two);
    expect(sealedMark(one)).toBe(sealedMark(two));
    const others = [sealer.seal("y", "p"), sealer.seal("x", "q"), sealer.seal('x"', "p")];
    expect(new Set([one, ...others].map(sealedMark)).size).toBe(4);
    rmSync(keyFile);
    expect(sealedMark(open().seal("x", "p"))).not.toBe(sealedMark(one));
  });

  it("refuses what was moved, cut, changed, or sealed with another key", () => {
    const sealer = open();
    const sealed = sealer.seal("some value", "a/secret/X");
    const bad = (text: string, place = "a/secret/X") =>
      expect(() => sealer.open(text, place), text).toThrow(/another key|newer/);
    bad(sealed, "a/secret/Y");
    bad(sealed, "b/secret/X");
    for (let length = 0; length < sealed.length; length++) bad(sealed.slice(0, length));
    for (let at = 0; at < sealed.length - 1; at++) bad(flipped(sealed, at));
    const key = readFileSync(keyFile);
    writeFileSync(keyFile, Buffer.from(key.map((byte) => byte ^ 1)));
    bad(sealed);
    writeFileSync(keyFile, key);
    expect(sealer.open(sealed, "a/secret/X")).toBe("some value");
  });

  it("notices that the key is gone, and goes on when it is back", () => {
    const sealer = open("notes", "shop");
    const sealed = open().seal("x", "p");
    const key = readFileSync(keyFile);
    rmSync(keyFile);
    expect(() => sealer.open(sealed, "p")).toThrow(/missing/);
    expect(() => sealer.seal("y", "p")).toThrow(/earlier secrets of notes, shop need it/);
    expect(existsSync(keyFile)).toBe(false);
    writeFileSync(keyFile, key);
    expect(sealer.open(sealed, "p")).toBe("x");
  });

  it.each([
    ["cut", Buffer.alloc(31)],
    ["empty", Buffer.alloc(0)],
    ["longer", Buffer.alloc(33)],
  ])("leaves a damaged key (%s) as it is", (_, bytes) => {
    writeFileSync(keyFile, bytes);
    expect(() => open().seal("x", "p")).toThrow(/damaged/);
    expect(() => open().open("v1.a.b", "p")).toThrow(/damaged/);
    expect(readFileSync(keyFile)).toEqual(bytes);
  });

  it("does not wait for a FIFO in the key's place", async () => {
    await promisify(execFile)("mkfifo", [keyFile]);
    expect(() => open().seal("x", "p")).toThrow(/no file/);
  });

  it("makes one key, however many processes need the first one at once", async () => {
    const program = `
      import { createSealer } from ${JSON.stringify(new URL("./sealer.ts", import.meta.url).href)};
      const sealer = createSealer({ keyFile: process.argv[1], holders: () => [], refuse: (reason) => new Error(reason) });
      while (Date.now() < Number(process.argv[2]));
      process.stdout.write(sealer.seal("x", "p"));`;
    const at = String(Date.now() + 1_000);
    const run = () =>
      promisify(execFile)(process.execPath, ["--input-type=module", "-e", program, keyFile, at]);
    const sealed = await Promise.all(Array.from({ length: 6 }, run));
    for (const { stdout } of sealed) expect(open("notes").open(stdout, "p")).toBe("x");
    expect(readdirSync(home)).toEqual(["key"]);
  });
});
