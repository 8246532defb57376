// The real clock.

/** Wall clock, monotonic time and timers that do not keep a process alive by themselves. */
export const systemClock = {
  now: (): number => Date.now(),
  monotonic: (): number => performance.now(),
  after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(callback, Math.min(Math.max(0, ms), 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};
