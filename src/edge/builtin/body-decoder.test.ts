// Bodies come out whole however they are cut, and malformed ones never come out as something else.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BodyDecoder, ChunkedDecoder, LengthDecoder } from "./body-decoder.ts";

function feed(
  decoder: BodyDecoder,
  text: string,
  piece = text.length || 1,
): { body: string; rest: string | null } {
  let body = "";
  const bytes = Buffer.from(text, "latin1");
  for (let start = 0; start < bytes.length; start += piece) {
    const stop = Math.min(bytes.length, start + piece);
    const end = decoder.feed(bytes, start, stop, (data, from, to) => {
      body += data.toString("latin1", from, to);
    });
    if (end === -1) return { body, rest: null };
    if (decoder.done) return { body, rest: bytes.toString("latin1", end) };
  }
  return { body, rest: "" };
}

describe("ChunkedDecoder", () => {
  it("reads any body in any pieces", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 40 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 50 }),
        (chunks, piece) => {
          const text = `${chunks.map((chunk) => `${chunk.length.toString(16)};x=y\r\n${chunk}\r\n`).join("")}0\r\nT: 1\r\n\r\nNEXT`;
          const decoder = new ChunkedDecoder();
          const { body } = feed(decoder, text, piece);
          expect([body, decoder.done]).toEqual([chunks.join(""), true]);
        },
      ),
    );
  });

  it("leaves what follows to the next request", () => {
    expect(feed(new ChunkedDecoder(), "3\r\nabc\r\n0\r\n\r\nGET /")).toEqual({ body: "abc", rest: "GET /" });
    expect(feed(new ChunkedDecoder(), "0\r\nX: y\r\n\r\nGET /")).toEqual({ body: "", rest: "GET /" });
  });

  it.each([
    ["no size", "\r\nabc"],
    ["a sign", "+3\r\nabc\r\n"],
    ["0x", "0x3\r\nabc\r\n"],
    ["a blank before the size", " 3\r\nabc\r\n"],
    ["a blank after the size", "3 \r\nabc\r\n"],
    ["a bare LF after the size", "3\nabc\r\n"],
    ["a bare CR after the size", "3\rabc\r\n"],
    ["a bare LF after the data", "3\r\nabc\n0\r\n\r\n"],
    ["a CR and no LF after the data", "3\r\nabc\rX0\r\n\r\n"],
    ["a CR and no LF after the size", "3\rXabc\r\n0\r\n\r\n"],
    ["more data than was said", "3\r\nabcd\r\n0\r\n\r\n"],
    ["less data than was said", "3\r\nab\r\n0\r\n\r\n"],
    ["a bare LF in an extension", "3;a\nb\r\nabc\r\n"],
    ["a huge size", "fffffffffffffff\r\n"],
    ["an endless size", `${"0".repeat(40)}\r\n`],
    ["an endless extension", `3;${"a".repeat(5000)}\r\n`],
    ["many small extensions", `1;${"a".repeat(100)}\r\na\r\n`.repeat(50)],
    ["an endless trailer", `0\r\nX: ${"a".repeat(20_000)}\r\n`],
    ["a bare LF in the trailer", "0\r\nX: 1\n\r\n"],
    ["a bare LF as end", "0\r\n\n"],
    ["a NUL in the trailer", "0\r\nX: \0\r\n\r\n"],
  ])("refuses %s", (_name, text) => {
    for (const piece of [1, 3, text.length]) expect(feed(new ChunkedDecoder(), text, piece).rest).toBeNull();
  });
});

describe("LengthDecoder", () => {
  it("takes what was said and leaves the rest", () => {
    expect(feed(new LengthDecoder(3), "abcGET /")).toEqual({ body: "abc", rest: "GET /" });
    expect(feed(new LengthDecoder(3), "abcG", 1)).toEqual({ body: "abc", rest: "G" });
  });
});
