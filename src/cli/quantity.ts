// Times, durations and sizes as people read them.

const STEPS: [limitMs: number, unitMs: number, unit: string][] = [
  [1000, 1, "ms"],
  [60_000, 1000, "s"],
  [3_600_000, 60_000, "m"],
  [48 * 3_600_000, 3_600_000, "h"],
  [Number.POSITIVE_INFINITY, 86_400_000, "d"],
];

/** `850 ms`, `12 s`, `3 m`, `5 h`, `12 d`: one unit, rounded down. Negative counts as 0. */
export function duration(ms: number): string {
  const length = Math.max(0, ms);
  const [, unitMs, unit] = STEPS.find(([limit]) => length < limit) ?? [0, 86_400_000, "d"];
  return `${Math.floor(length / unitMs)} ${unit}`;
}

/** `850 ms`, `4.3 s`, else as `duration`. */
export const briefly = (ms: number): string =>
  ms >= 999.5 && ms < 59_950 ? `${(ms / 1000).toFixed(1)} s` : duration(Math.round(ms));

/** `just now`, `12 s ago`, `3 m ago`. */
export function ago(at: string | number | null, now: number): string {
  if (at === null) return "never";
  const ms = now - (typeof at === "number" ? at : Date.parse(at));
  return ms < 1000 ? "just now" : `${duration(ms)} ago`;
}

/** `in 4 s`, `now`. */
export function until(at: string | number, now: number): string {
  const ms = (typeof at === "number" ? at : Date.parse(at)) - now;
  return ms < 1000 ? "now" : `in ${duration(ms)}`;
}

/** `12 B`, `1.5 MiB`: powers of 1024 (IEC 80000-13). */
export function size(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `14:03:22` today, `2026-01-31 14:03:22` else; local time. */
export function clockTime(at: string | number, now: number): string {
  const time = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  if (time.toDateString() === new Date(now).toDateString()) return hours;
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${hours}`;
}
