import { expect, test } from "vitest";
import { Failure } from "../failure.ts";
import type { Session } from "../session.ts";
import { readDeploymentLog } from "./deployment-log.ts";

/** A daemon with one log, in pieces; it may go away after some of them. */
function daemonWith(log: { text: Buffer; breaksAfter?: number }) {
  const asked: number[] = [];
  async function* bytes(_path: string, { query: { from } }: { query: { from: number } }) {
    asked.push(from);
    let given = 0;
    for (let at = from; at < log.text.length; at += 3) {
      if (given++ === log.breaksAfter) throw new Failure("unreachable", "gone");
      yield log.text.subarray(at, at + 3);
    }
  }
  return { asked, session: { daemon: () => ({ bytes }) } as unknown as Session };
}

test("lines come once and whole, characters too, and the rest at the end", async () => {
  const log = { text: Buffer.from("one\ntw") };
  const { asked, session } = daemonWith(log);
  const read = readDeploymentLog(session, "d_1");
  expect(await read(false)).toEqual(["one"]);
  expect(await read(false)).toEqual([]);
  log.text = Buffer.concat([log.text, Buffer.from("ö\n\nthrée")]);
  expect(await read(false)).toEqual(["twö", ""]);
  expect(await read(true)).toEqual(["thrée"]);
  expect(await read(true)).toEqual([]);
  expect(asked).toEqual([0, 6, 6, 16, 16]);
});

test("what came before the daemon went away is not lost, and not asked for again", async () => {
  const log: { text: Buffer; breaksAfter?: number } = {
    text: Buffer.from("one\ntwo\nthree\n"),
    breaksAfter: 2,
  };
  const { asked, session } = daemonWith(log);
  const read = readDeploymentLog(session, "d_1");
  await expect(read(false)).rejects.toThrow("gone");
  delete log.breaksAfter;
  expect(await read(false)).toEqual(["one", "two", "three"]);
  expect(asked).toEqual([0, 6]);
});
