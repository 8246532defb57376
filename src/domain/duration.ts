// Durations as people write them: 200ms 10s 5m 2h 1d.
import { GantryError } from "./errors.ts";
import { shown } from "./shown.ts";

const UNITS: readonly [unit: string, ms: number][] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
];
/** One year: everything longer is a slip. */
const MAX_MS = 365 * 86_400_000;

/** Milliseconds of `200ms`, `10s`, `1.5m`, `2h`, `1d`; throws `invalid-input` for anything else. */
export function parseDuration(text: string): number {
  const match = /^([0-9]{1,15}(?:\.[0-9]{1,6})?)(ms|s|m|h|d)$/.exec(text);
  if (!match) throw invalid(text, "is no duration");
  const unit = UNITS.find(([name]) => name === match[2])?.[1] ?? 1;
  const ms = Math.round(Number(match[1]) * unit * 1e6) / 1e6;
  if (!Number.isInteger(ms)) throw invalid(text, "is finer than a millisecond");
  if (ms > MAX_MS) throw invalid(text, "is longer than a year");
  return ms;
}

/** The shortest text that `parseDuration` reads back as `ms`: 90000 → `90s`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return "0s";
  const [unit, size] = UNITS.find(([, factor]) => ms % factor === 0) ?? ["ms", 1];
  return `${ms / size}${unit}`;
}

const invalid = (text: string, problem: string): GantryError =>
  new GantryError("invalid-input", {
    reason: `${shown(text)} ${problem}`,
    hint: "Write a number and a unit: 200ms, 10s, 5m, 2h, 1d.",
  });
