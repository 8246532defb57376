// A few at a time, in order, and nothing more after a failure.
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { atOnce } from "./at-once.ts";

test("all are done, no more than the places at once", async () => {
  const begun: number[] = [];
  let [running, most] = [0, 0];
  await atOnce([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    begun.push(item);
    most = Math.max(most, ++running);
    await sleep(item % 2);
    running -= 1;
  });
  expect([begun, most]).toEqual([[1, 2, 3, 4, 5, 6, 7], 3]);
});

test("a failure is thrown when what runs has ended; the source is closed", async () => {
  const ended: number[] = [];
  let closed = false;
  async function* endless() {
    try {
      for (let number = 1; ; number += 1) yield number;
    } finally {
      closed = true;
    }
  }
  const work = async (item: number) => {
    await sleep(item === 2 ? 1 : 10);
    if (item === 2) throw new Error("second");
    ended.push(item);
  };
  await expect(atOnce(endless(), 3, work)).rejects.toThrow("second");
  expect([ended, closed]).toEqual([[1, 3], true]);
});

test("a source that fails is thrown too", async () => {
  async function* failing() {
    yield 1;
    throw new Error("source");
  }
  await expect(atOnce(failing(), 2, async () => {})).rejects.toThrow("source");
});
