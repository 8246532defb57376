import stringWidth from "string-width";
import { expect, test } from "vitest";
import { painter } from "./colour.ts";
import { tableLines } from "./table.ts";

const plain = { width: Number.POSITIVE_INFINITY, paint: painter(false) };
const COLUMNS = [
  { head: "NAME", shrinkTo: 4 },
  { head: "N", align: "right" as const },
  { head: "URL", shrinkTo: 6 },
];

test("aligns columns and leaves no spaces at the end", async () => {
  const lines = await tableLines(
    COLUMNS,
    [
      ["a", "10", "x"],
      ["longer", "2", ""],
    ],
    plain,
  );
  expect(lines).toEqual(["NAME     N  URL", "a       10  x", "longer   2"]);
});

test("aligns wide and combining characters by what a terminal shows", async () => {
  const lines = await tableLines(
    COLUMNS,
    [
      ["日本", "1", "x"],
      ["e\u0301a", "1", "x"],
      ["👩‍👩‍👧", "1", "x"],
    ],
    plain,
  );
  const starts = lines.slice(1).map((line) => stringWidth(line.slice(0, line.indexOf("x"))));
  expect(new Set(starts).size).toBe(1);
});

test("cuts what may be cut until the table fits, and never when it is not on a terminal", async () => {
  const rows = [["a-name-that-is-long", "1", "http://a-name-that-is-long.localhost:7080"]];
  const narrow = await tableLines(COLUMNS, rows, { ...plain, width: 40 });
  expect(Math.max(...narrow.map((line) => line.length))).toBeLessThanOrEqual(40);
  expect(narrow[1]).toContain("…");
  expect((await tableLines(COLUMNS, rows, plain))[1]).toContain("http://a-name-that-is-long.localhost:7080");
});

test("cuts wide characters whole", async () => {
  const lines = await tableLines([{ head: "X", shrinkTo: 1 }], [["日本語日本語"]], { ...plain, width: 6 });
  expect(lines[1]).toBe("日本…");
});

test("colours do not disturb the columns", async () => {
  const rows = [[{ text: "a", colour: "red" as const }, "1", "x"]];
  const lines = await tableLines(COLUMNS, rows, { ...plain, paint: painter(true) });
  expect(lines[1]).toBe("\x1b[31ma\x1b[39m     1  x");
});
