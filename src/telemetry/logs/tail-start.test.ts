import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { LineReader, type Piece } from "./line-reader.ts";
import { LogFile } from "./log-file.ts";
import { tailStart } from "./tail-start.ts";

const folder = mkdtempSync(join(tmpdir(), "gantry-tail-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "x.log");
const host = { now: Date.now, grew: () => undefined };

async function pieces(file: LogFile, from: number): Promise<Piece[]> {
  const reader = new LineReader(file, from);
  const all: Piece[] = [];
  for (
    let some = await reader.next(file.size, true);
    some.length > 0;
    some = await reader.next(file.size, true)
  )
    all.push(...some);
  await reader.rest();
  return all;
}

/** Lengths around the interesting ones: empty, short, exactly 64 kB and its neighbours, several times that. */
const length = fc.oneof(
  { weight: 5, arbitrary: fc.nat(40) },
  { weight: 2, arbitrary: fc.integer({ min: -3, max: 3 }).map((n) => 65_536 + n) },
  { weight: 1, arbitrary: fc.nat(300_000) },
);

it("reads all bytes in pieces of at most 64 kB, and the tail is the end of the whole", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(length, { maxLength: 12 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 20 }),
      async (lengths, finished, count) => {
        const text =
          lengths.map((n, i) => String.fromCharCode(97 + i).repeat(n)).join("\n") + (finished ? "\n" : "");
        writeFileSync(path, text);
        const file = new LogFile("a", "x", path, host);
        const all = await pieces(file, 0);
        expect(all.every((piece) => piece.text.length <= 65_536)).toBe(true);
        expect(all.map((piece) => piece.text).join("")).toBe(text.replaceAll("\n", ""));
        expect(all.at(-1)?.end ?? 0).toBe(text.length);
        expect(await pieces(file, await tailStart(file, file.size, count))).toEqual(all.slice(-count));
        for (const { end } of all.slice(0, 3))
          expect(await pieces(file, end)).toEqual(all.filter((piece) => piece.end > end));
      },
    ),
    { numRuns: 60 },
  );
});

it("keeps short lines whole wherever they lie", async () => {
  const lines = Array.from({ length: 30_000 }, (_, i) => `line ${i}`);
  writeFileSync(path, lines.map((line) => `${line}\r\n`).join(""));
  const file = new LogFile("a", "x", path, host);
  expect((await pieces(file, 0)).map(({ text }) => text)).toEqual(lines);
  expect((await pieces(file, await tailStart(file, file.size, 100))).map(({ text }) => text)).toEqual(
    lines.slice(-100),
  );
});

it("finds the end of the last complete line", async () => {
  for (const [text, start] of [
    ["", 0],
    ["a", 0],
    ["a\n", 2],
    ["a\nb", 2],
    ["a\n\n", 3],
    ["\n", 1],
  ] as const) {
    writeFileSync(path, text);
    expect(await tailStart(new LogFile("a", "x", path, host), text.length, 0)).toBe(start);
  }
});

it("replaces broken UTF-8 and shows NUL bytes", async () => {
  writeFileSync(path, Buffer.from([0xff, 0x61, 0, 0x0a, 0xc3, 0x0a]));
  expect((await pieces(new LogFile("a", "x", path, host), 0)).map(({ text }) => text)).toEqual([
    "\ufffda\0",
    "\ufffd",
  ]);
});
