import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GantryError } from "./errors.ts";
import { quoteWords, splitWords, wordsOrNull } from "./split-words.ts";

describe("splitWords", () => {
  it.each([
    ["uvicorn main:app", ["uvicorn", "main:app"]],
    ["  a \t b  ", ["a", "b"]],
    [`a 'b c' "d e" f\\ g`, ["a", "b c", "d e", "f g"]],
    [`a''b "" ''`, ["ab", "", ""]],
    [`--port $PORT --host \${HOST}`, ["--port", "$PORT", "--host", `\${HOST}`]],
    [`"$PORT" x$PORT/y`, ["$PORT", "x$PORT/y"]],
    [`"a\\"b\\\\c\\d" 'e"f\\'`, [`a"b\\c\\d`, `e"f\\`]],
    ["http://x/#top a#b", ["http://x/#top", "a#b"]],
    ["a=b pip install 'x[y]>=1' z[0]", ["a=b", "pip", "install", "x[y]>=1", "z[0]"]],
    ["a\\\nb", ["ab"]],
    ["5$ $, ünï", ["5$", "$,", "ünï"]],
    ["", []],
  ])("%j", (line, words) => {
    expect(splitWords(line)).toEqual(words);
  });

  it.each([
    ["a && b", "operator && needs shell: true"],
    ["a; id", "operator ; needs shell: true"],
    ["a | b", "operator | needs shell: true"],
    ["a > file", "operator > needs shell: true"],
    ["a &", "operator & needs shell: true"],
    ["a\nb", "line end needs shell: true"],
    ["ls *.py", "needs shell: true"],
    ["echo $(id)", "needs shell: true"],
    ['echo "$(id)"', "needs shell: true"],
    ["echo `id`", "needs shell: true"],
    ["echo $HOME", "the expansion $HOME"],
    ['echo "$PORTS"', "the expansion $PORTS"],
    [`echo \${A:-b}`, "needs shell: true"],
    ["a # b", "needs shell: true"],
    ["~/bin/a", "needs shell: true"],
    ["a 'b", "is not closed"],
    ['a "b', "is not closed"],
    ["a \\", "backslash"],
    ["a\0b", "NUL"],
  ])("refuses %j", (line, reason) => {
    expect(() => splitWords(line)).toThrow(GantryError);
    expect(() => splitWords(line)).toThrow(reason);
  });
});

describe("quoteWords", () => {
  it("reads well", () => {
    expect(quoteWords(["uvicorn", "main:app", "--port", "$PORT", "a b", "it's", "$X"])).toBe(
      `uvicorn main:app --port $PORT 'a b' 'it'\\''s' '$X'`,
    );
  });

  it("is undone by splitWords", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" })), (words) => {
        fc.pre(!words.some((word) => word.includes("\0")));
        expect(splitWords(quoteWords(words))).toEqual(words);
      }),
    );
  });

  it("splits as sh does, wherever it splits at all", () => {
    const part = fc.constantFrom("a", "b=", "'", '"', "\\", " ", "#", "\\'", '\\"', "x y", "''", "%", ":");
    const lines = fc.sample(fc.array(part, { maxLength: 9 }), 300).map((parts) => parts.join(""));
    const tried = lines.filter((line) => wordsOrNull(line) !== null);
    const script = tried.map((line) => `printf '%s\\0' : ${line}\nprintf '\\n\\0'`).join("\n");
    const printed = execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\n\0").slice(0, -1);
    const words = printed.map((text) => text.split("\0").slice(1, -1));
    expect(tried.length).toBeGreaterThan(50);
    expect(words).toEqual(tried.map((line) => wordsOrNull(line)));
  });
});
