import { expect, test } from "vitest";
import { ago, clockTime, duration, size, until } from "./quantity.ts";

test.each([
  [-5, "0 ms"],
  [850, "850 ms"],
  [1000, "1 s"],
  [59_999, "59 s"],
  [60_000, "1 m"],
  [3_600_000, "1 h"],
  [47 * 3_600_000, "47 h"],
  [48 * 3_600_000, "2 d"],
])("%i ms is %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test("tells times relative to now", () => {
  expect(ago(null, 0)).toBe("never");
  expect(ago(999, 1000)).toBe("just now");
  expect(ago("1970-01-01T00:00:00Z", 180_000)).toBe("3 m ago");
  expect(until(5000, 1000)).toBe("in 4 s");
  expect(until(0, 1000)).toBe("now");
});

test("gives the date only of other days", () => {
  const at = new Date(2026, 0, 31, 9, 5, 7).getTime();
  expect(clockTime(at, at)).toBe("09:05:07");
  expect(clockTime(at, at + 48 * 3_600_000)).toBe("2026-01-31 09:05:07");
});

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1536, "1.5 KiB"],
  [150 * 1024 ** 2, "150 MiB"],
])("%i bytes are %s", (bytes, text) => {
  expect(size(bytes)).toBe(text);
});
