import stringWidth from "string-width";
import { expect, test } from "vitest";
import { painter } from "./colour.ts";
import { type Cell, type Column, type FilledColumn, fill, type Look, tablePieces } from "./table.ts";

const tableText = async (columns: FilledColumn[], look: Look): Promise<string> =>
  (await tablePieces(columns, look)).join("");

async function tableLines(columns: Column[], rows: Cell[][], look: Look): Promise<string[]> {
  return (await tableText(fill(columns, rows), look)).split("\n").slice(0, -1);
}

const plain = { width: Number.POSITIVE_INFINITY };
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

test("trims lines whose last column is aligned to the right and empty", async () => {
  const lines = await tableLines(
    COLUMNS.slice(0, 2),
    [
      ["a", ""],
      ["b", "10"],
    ],
    plain,
  );
  expect(lines).toEqual(["NAME   N", "a", "b     10"]);
});

test("short texts in wide columns that meet stay apart", async () => {
  const lines = await tableLines(
    [{ head: "URL" }, { head: "RESTARTS", align: "right" }],
    [
      ["http://a.test", "0"],
      ["-", "0"],
    ],
    plain,
  );
  expect(lines).toEqual(["URL            RESTARTS", "http://a.test         0", "-                     0"]);
});

test("colours do not disturb the columns, nor the cutting of them", async () => {
  const columns: FilledColumn[] = [
    {
      head: "NAME",
      shrinkTo: 4,
      texts: ["a", "longer"],
      colour: (row: number) => (row === 0 ? ("red" as const) : undefined),
    },
    { head: "N", align: "right" as const, texts: ["1", "2"] },
  ];
  const paint = painter(true);
  const head = "\x1b[90mNAME\x1b[39m";
  expect(await tableText(columns, { ...plain, paint })).toBe(
    `${head}    \x1b[90mN\x1b[39m\n\x1b[31ma\x1b[39m       1\nlonger  2\n`,
  );
  expect(await tableText(columns, { width: 7, paint })).toBe(
    `${head}  \x1b[90mN\x1b[39m\n\x1b[31ma\x1b[39m     1\nlon…  2\n`,
  );
});

test("makes foreign text harmless, in any row of a long table", async () => {
  const texts = Array.from({ length: 1_001 }, (_, row) => (row === 950 ? "a\x1b[2Jb" : `row ${row}`));
  const lines = (await tableText([{ head: "X", texts }], plain)).split("\n");
  expect(lines).toEqual(["X", ...texts.with(950, "ab"), ""]);
});
