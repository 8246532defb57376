// Sizes as people write them: 512k 256m 1g; k is 1024.
import { GantryError } from "./errors.ts";
import { shown } from "./shown.ts";

const UNITS: readonly [unit: string, bytes: number][] = [
  ["t", 2 ** 40],
  ["g", 2 ** 30],
  ["m", 2 ** 20],
  ["k", 2 ** 10],
  ["b", 1],
];

/** Bytes of `512k`, `256m`, `1.5g` (upper case and a trailing b or ib too); throws `invalid-input` for anything else. */
export function parseSize(text: string): number {
  const match = /^([0-9]{1,16}(?:\.[0-9]{1,6})?)(?:([kmgt])(?:i?b)?|b)$/i.exec(text);
  if (!match) throw invalid(text, "is no size");
  const unit = UNITS.find(([name]) => name === (match[2] ?? "b").toLowerCase())?.[1] ?? 1;
  const bytes = Math.round(Number(match[1]) * unit);
  if (!Number.isSafeInteger(bytes)) throw invalid(text, "is too large");
  return bytes;
}

/** The shortest text that `parseSize` reads back as `bytes`. */
export function formatSize(bytes: number): string {
  if (bytes === 0) return "0b";
  const [unit, size] = UNITS.find(([, factor]) => bytes % factor === 0) ?? ["b", 1];
  return `${bytes / size}${unit}`;
}

const invalid = (text: string, problem: string): GantryError =>
  new GantryError("invalid-input", {
    reason: `${shown(text)} ${problem}`,
    hint: "Write a number and a unit: 512k, 256m, 1g.",
  });
