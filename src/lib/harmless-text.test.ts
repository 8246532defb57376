import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { harmless } from "./harmless-text.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: what this test looks for
const OBEYED = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what this test looks for
const STYLE = /\x1b\[[0-9;:]*m/g;

describe("harmless", () => {
  it.each([
    ["plain", "plain"],
    ["tab\tand\nline", "tab\tand\nline"],
    ["grüße 日本 👩‍👩‍👧", "grüße 日本 👩‍👩‍👧"],
    ["\x1b[31mred\x1b[0m", "red"],
    ["a\x1b[2J\x1b[1;1Hb", "ab"],
    ["\x1b[?1049hx\x1b[?25l", "x"],
    ["\x9b31mred", "red"],
    ["\x1b]0;title\x07x", "x"],
    ["\x1b]52;c;ZXZpbA==\x1b\\x", "x"],
    ["\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"],
    ["\x9d0;title\x9cx", "x"],
    ["\x1bPq#0\x1b\\x", "x"],
    ["\x1b_G\x1b\\x", "x"],
    ["\x1bcx", "x"],
    ["\x1b(0x", "x"],
    ["open \x1b]0;never closed", "open ␛]0;never closed"],
    ["end \x1b", "end ␛"],
    ["end \x1b[", "end ␛["],
    ["good\revil", "good␍evil"],
    ["line\r\nnext\r", "line\nnext"],
    ["ab\b\bcd", "ab␈␈cd"],
    ["bell\x07", "bell␇"],
    ["nul\0", "nul␀"],
    ["del\x7f", "del␡"],
    ["c1\x84", "c1\\u{84}"],
    ["user\u202egpj.exe", "user\\u{202e}gpj.exe"],
    ["\u2066x\u2069", "\\u{2066}x\\u{2069}"],
    ["a\u2028b", "a\\u{2028}b"],
    ["lone \ud800", "lone \ufffd"],
    ["\x1b[31;\x1b[2Jx", "␛[31;x"],
  ])("%j becomes %j", (given, safe) => {
    expect(harmless(given)).toBe(safe);
  });

  it.each([
    ["\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m"],
    ["\x1b[1;38;5;8mgrey\x1b[m", "\x1b[1;38;5;8mgrey\x1b[m"],
    ["\x1b[38;2;8;8;8mx", "\x1b[38;2;8;8;8mx\x1b[0m"],
    ["\x1b[31mleft open", "\x1b[31mleft open\x1b[0m"],
    ["\x1b[8mhidden", "hidden"],
    ["\x1b[0;08mhidden", "hidden"],
    ["\x1b[>4;2mx", "x"],
    ["\x1b[31mred\x1b[2Jx", "\x1b[31mredx\x1b[0m"],
    ["\x9b32mgreen", "\x1b[32mgreen\x1b[0m"],
  ])("with colours %j becomes %j", (given, safe) => {
    expect(harmless(given, { colours: true })).toBe(safe);
  });

  const nasty = fc.array(
    fc.constantFrom(
      "\x1b",
      "[",
      "]",
      "\x9b",
      "\x9d",
      "\x07",
      "\x1b\\",
      "m",
      "31",
      ";",
      "8",
      "H",
      "\r",
      "\n",
      "a",
      "\u202e",
      "\ud800",
      "P",
      "\x9c",
    ),
  );

  it("leaves nothing that a terminal obeys", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          nasty.map((parts) => parts.join("")),
          fc.string({ unit: "binary" }),
        ),
        (text) => {
          expect(harmless(text)).not.toMatch(OBEYED);
          const styled = harmless(text, { colours: true });
          expect(styled.replaceAll(STYLE, "")).not.toMatch(OBEYED);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("is the same when done twice", () => {
    fc.assert(fc.property(nasty, (parts) => harmless(harmless(parts.join(""))) === harmless(parts.join(""))));
  });
});
