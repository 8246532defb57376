// What to do about the cap when output has grown: a pure rule.

const MIB = 1024 * 1024;

/** Bytes in a millisecond. Freeing takes the same lock of the file as writing; a writer faster than this would feel it. */
export const BURST_RATE = MIB / 2;
/** Such a writer is let go on up to so many times the cap. */
export const BURST_CAPS = 3;
/** While output comes at this share of the cap between two looks, more is freed at once. */
const FLOOD = 1 / 16;
const FASTEST_LOOK_MS = 5;
const SLOWEST_LOOK_MS = 250;

export interface Growth {
  /** What all files of the app take, and may take, in bytes. */
  total: number;
  cap: number;
  /** By how much the file has grown since the look before, and how long ago that was in milliseconds. */
  bytes: number;
  elapsedMs: number;
}

export interface Judgement {
  /** Bytes to be left: everything older is to be freed now. Undefined: nothing is to be freed. */
  keep?: number;
  /** Too much is there, but it is to be freed only when the burst has ended. */
  held?: true;
  /** When to look again; undefined: at the usual time. */
  lookInMs?: number;
}

/** Keeps the cap with an eighth to spare, and looks again before that eighth can be used up. */
export function judgeGrowth({ total, cap, bytes, elapsedMs }: Growth): Judgement {
  const rate = bytes / Math.max(1, elapsedMs);
  const over = total > (cap * 7) / 8;
  if (over && rate > BURST_RATE && total <= cap * BURST_CAPS)
    return { held: true, lookInMs: FASTEST_LOOK_MS };
  const freed = over ? { keep: restingSize(cap, bytes > cap * FLOOD) } : {};
  if (bytes < cap / 256) return freed;
  const room = cap - (freed.keep ?? total);
  return { ...freed, lookInMs: Math.max(FASTEST_LOOK_MS, Math.min(SLOWEST_LOOK_MS, room / rate / 2)) };
}

/** How much is left when a head is freed. */
export const restingSize = (cap: number, flood: boolean): number => (flood ? cap / 2 : (cap * 3) / 4);
