// Lets one look at a daemon that may be away for a moment.
import { Failure } from "./failure.ts";

/** A daemon that died is back within seconds; so long it may be away. */
const PATIENCE_MS = 15_000;

export type Patience = <T>(look: () => Promise<T>) => Promise<T | undefined>;

/** What `look` resolves to; undefined while no daemon answers. Throws `unreachable` when it stays away. */
export function createPatience(): Patience {
  let lastSeen = performance.now();
  return async (look) => {
    try {
      const seen = await look();
      lastSeen = performance.now();
      return seen;
    } catch (error) {
      const away = error instanceof Failure && error.kind === "unreachable";
      if (!away || performance.now() - lastSeen > PATIENCE_MS) throw error;
      return undefined;
    }
  };
}
