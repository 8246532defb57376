// Signals by name and number, and the meaning of a shell's exit status.
import { describe, expect, it } from "vitest";
import { readShellStatus, sendSignal, signalName, signalNumber } from "./signals.ts";

describe("signals", () => {
  it.each([
    ["HUP", 1],
    ["KILL", 9],
    ["TERM", 15],
  ])("%s is %i", (name, number) => {
    expect(signalNumber(name)).toBe(number);
    expect(signalName(number)).toBe(name);
  });

  it.each(["", "SIGTERM", "term", "NOPE", "constructor"])("there is none named %j", (name) => {
    expect(signalNumber(name)).toBeUndefined();
  });

  it.each([
    [0, { code: 0, signal: null }],
    [3, { code: 3, signal: null }],
    [128, { code: 128, signal: null }],
    [137, { code: null, signal: "KILL" }],
    [143, { code: null, signal: "TERM" }],
    [255, { code: 255, signal: null }],
  ])("a shell's status %i is understood", (status, exit) => {
    expect(readShellStatus(status)).toEqual(exit);
  });

  it("sending tells whether there was anybody", () => {
    expect(sendSignal(process.pid, 0)).toBe(true);
    expect(sendSignal(2 ** 22 + 1, 0)).toBe(false);
  });
});
