import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { appendEntry, readIndex, readIndexEnds, writeBounds } from "./log-index.ts";

const folder = mkdtempSync(join(tmpdir(), "gantry-index-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const fresh = () => join(folder, `${files++}.idx`);

it("gives back what was stored", () => {
  const path = fresh();
  expect(readIndex(path)).toEqual({ base: 0, first: 0, entries: [] });
  appendEntry(path, { offset: 10, at: 1_000 });
  appendEntry(path, { offset: 5e12, at: 2_000 });
  writeBounds(path, { base: 3, first: 65_536 });
  expect(readIndex(path)).toEqual({
    base: 3,
    first: 65_536,
    entries: [
      { offset: 10, at: 1_000 },
      { offset: 5e12, at: 2_000 },
    ],
  });
  expect(readIndexEnds(path)).toEqual({
    base: 3,
    first: 65_536,
    last: { offset: 5e12, at: 2_000 },
    count: 2,
  });
});

it("stays small, keeps the newest entries fine and the bounds", () => {
  const path = fresh();
  writeBounds(path, { base: 0, first: 65_536 });
  for (let i = 1; i <= 20_000; i++) appendEntry(path, { offset: i * 100, at: i });
  const { entries, first } = readIndex(path);
  expect(statSync(path).size).toBeLessThan(70_000);
  expect(first).toBe(65_536);
  expect(entries.at(-1)).toEqual({ offset: 2_000_000, at: 20_000 });
  expect(entries.slice(-500).map(({ at }) => at)).toEqual(Array.from({ length: 500 }, (_, i) => 19_501 + i));
  expect(entries.every((entry, i) => i === 0 || entry.offset > (entries[i - 1]?.offset ?? 0))).toBe(true);
  expect(entries.length).toBeGreaterThan(1_000);
});

it("survives damage", () => {
  const path = fresh();
  appendEntry(path, { offset: 1, at: 1 });
  appendEntry(path, { offset: 2, at: 2 });
  truncateSync(path, statSync(path).size - 5);
  expect(readIndex(path).entries).toEqual([{ offset: 1, at: 1 }]);
  appendEntry(path, { offset: 3, at: 3 });
  expect(readIndex(path).entries).toEqual([
    { offset: 1, at: 1 },
    { offset: 3, at: 3 },
  ]);
  writeFileSync(path, "nonsense that is longer than the header of an index");
  expect(readIndex(path).entries).toEqual([]);
  appendEntry(path, { offset: 4, at: 4 });
  expect(readIndex(path).entries).toEqual([{ offset: 4, at: 4 }]);
});
