// One-time links and the browser sessions that they begin.
import { createHash, randomBytes } from "node:crypto";
import type { Clock, Log } from "../context.ts";
import type { Store } from "../domain/store.ts";

const LINK_MS = 5 * 60_000;
const SESSION_MS = 30 * 24 * 3_600_000;
const MAX_SESSIONS = 32;
const META = "web-sessions";

export interface Sessions {
  /** A token of 256 random bits, good once within five minutes. Only its hash is kept, in memory. */
  createLink(): { token: string; expiresAt: number };
  /** Uses a token up. Gives the secret of a new session, or null when the token is unknown, used or too old. */
  redeem(token: string): Promise<{ secret: string; maxAgeS: number } | null>;
  has(secret: string): boolean;
}

/** Sessions are kept hashed in the store, so that they survive a restart of the daemon. */
export function createSessions(store: Store, clock: Clock, log: Log): Sessions {
  const links = new Map<string, number>();
  const sessions = read(store.getMeta(META));

  const fresh = (entries: Map<string, number>): void => {
    for (const [key, expiresAt] of entries) if (expiresAt <= clock.now()) entries.delete(key);
  };

  return {
    createLink() {
      fresh(links);
      const token = randomBytes(32).toString("base64url");
      const expiresAt = clock.now() + LINK_MS;
      links.set(hash(token), expiresAt);
      return { token, expiresAt };
    },
    async redeem(token) {
      fresh(links);
      if (!links.delete(hash(token))) return null;
      fresh(sessions);
      const secret = randomBytes(32).toString("base64url");
      sessions.set(hash(secret), clock.now() + SESSION_MS);
      for (const oldest of sessions.keys()) if (sessions.size > MAX_SESSIONS) sessions.delete(oldest);
      // A database that can't be written shall lock nobody out: the session then lasts as long as the daemon.
      await store
        .setMeta(META, JSON.stringify([...sessions]))
        .catch((error: unknown) => log.warn("browser session not stored", { error: String(error) }));
      return { secret, maxAgeS: SESSION_MS / 1000 };
    },
    has(secret) {
      return (sessions.get(hash(secret)) ?? 0) > clock.now();
    },
  };
}

const hash = (text: string): string => createHash("sha256").update(text).digest("base64url");

function read(text: string | undefined): Map<string, number> {
  try {
    const entries: unknown = JSON.parse(text ?? "[]");
    return new Map(Array.isArray(entries) ? (entries as [string, number][]) : []);
  } catch {
    return new Map();
  }
}
