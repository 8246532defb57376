// Waits for something to become true by looking again and again.

/**
 * Calls `look` until it returns something truthy, and returns that. A rejection counts as "not yet".
 * Throws after `limitMs` (generous on purpose: machines are busy), naming `what` and the last answer.
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  limitMs = 30_000,
): Promise<Exclude<T, false | null | undefined | 0 | "">> {
  const end = performance.now() + limitMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await look();
      if (answer) return answer as Exclude<T, false | null | undefined | 0 | "">;
      last = answer;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end)
      throw new Error(`waited ${limitMs} ms for ${what}; last answer: ${String(last)}`);
    await pause(25);
  }
}

/** Resolves after `ms` milliseconds. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
