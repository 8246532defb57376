// One turn at a time per key: being woken during a turn means one more round, never a second turn beside it.

export interface Turns {
  /** Begins a turn, or lets the running one go another round. Cancels a planned wake. */
  wake(key: string): void;
  /** Wakes after `ms`, unless something else does before. */
  wakeAfter(key: string, ms: number): void;
  close(): void;
}

/** More rounds than this without rest mean a planner that runs in circles. */
const MAX_ROUNDS = 100;
const AFTER_ERROR_MS = 1_000;

/**
 * `round` does one round and says whether there may be more to do; `rested` is called when a turn ends without error.
 * `after` is a timer that returns its undo.
 */
export function createTurns(options: {
  round: (key: string) => Promise<boolean>;
  rested: (key: string) => void;
  failed: (key: string, error: unknown) => void;
  after: (ms: number, callback: () => void) => () => void;
}): Turns {
  const running = new Map<string, { again: boolean }>();
  const timers = new Map<string, () => void>();
  let closed = false;

  const take = async (key: string): Promise<void> => {
    const turn = { again: true };
    running.set(key, turn);
    try {
      for (let round = 0; turn.again && !closed; round++) {
        turn.again = false;
        if (round > MAX_ROUNDS) throw new Error("it runs in circles");
        turn.again = (await options.round(key)) || turn.again;
      }
      running.delete(key);
      if (!closed) options.rested(key);
    } catch (error) {
      running.delete(key);
      options.failed(key, error);
      turns.wakeAfter(key, AFTER_ERROR_MS);
    }
  };
  const cancelTimer = (key: string): void => {
    timers.get(key)?.();
    timers.delete(key);
  };

  const turns: Turns = {
    wake(key) {
      if (closed) return;
      cancelTimer(key);
      const turn = running.get(key);
      if (turn !== undefined) turn.again = true;
      else void take(key);
    },
    wakeAfter(key, ms) {
      if (closed) return;
      cancelTimer(key);
      timers.set(
        key,
        options.after(ms, () => turns.wake(key)),
      );
    },
    close() {
      closed = true;
      for (const key of [...timers.keys()]) cancelTimer(key);
    },
  };
  return turns;
}
