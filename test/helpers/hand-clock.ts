// A clock that a test moves by hand. Wall clock and monotonic time can be moved apart.
import type { Clock } from "../../src/context.ts";

export class HandClock implements Clock {
  #wall = 1_800_000_000_000;
  #monotonic = 0;
  readonly #timers = new Set<{ at: number; callback: () => void }>();

  now = (): number => this.#wall;
  monotonic = (): number => this.#monotonic;
  after = (ms: number, callback: () => void): (() => void) => {
    const timer = { at: this.#monotonic + Math.max(0, ms), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** Lets `ms` pass, timer by timer; promises get their turn in between. */
  async pass(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    for (;;) {
      await settle();
      const due = [...this.#timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.#advance(due.at);
      due.callback();
    }
    this.#advance(end);
    await settle();
  }

  /** What an administrator or NTP does: the wall clock alone jumps. */
  jump(ms: number): void {
    this.#wall += ms;
  }

  #advance(to: number): void {
    const step = Math.max(0, to - this.#monotonic);
    this.#monotonic += step;
    this.#wall += step;
  }
}

/** Everything that waits for nothing but other promises and the store gets done. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
}
