// Lets many in side by side, or one alone.

export interface Gate {
  /** Runs beside others of its kind, never beside one that is alone. */
  together<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Waits for all that are in; whoever comes later waits for it. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>;
}

export function createGate(): Gate {
  const inside = new Set<Promise<unknown>>();
  let closed: Promise<unknown> | null = null;
  const enter = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const running = work();
    inside.add(running);
    try {
      return await running;
    } finally {
      inside.delete(running);
    }
  };
  return {
    async together(work) {
      while (closed !== null) await closed;
      return await enter(work);
    },
    async alone(work) {
      while (closed !== null) await closed;
      const running = Promise.allSettled(inside).then(work);
      const ended = running.then(
        () => {},
        () => {},
      );
      closed = ended;
      try {
        return await running;
      } finally {
        closed = null;
      }
    },
  };
}
