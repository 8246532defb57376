// A steady stream of requests, and what became of each.
import { type Answer, type Ask, agent, ask } from "./request.ts";

export interface LoadResult {
  sent: number;
  /** One line for each request that got no answer, or one other than 200. */
  failures: string[];
  answers: TimedAnswer[];
}

/** When it was asked for and when it was there, in ms from the start. */
export type TimedAnswer = Answer & { sentAt: number; endedAt: number };

export interface Load {
  /** Ends the stream, waits for the answers that are still out. */
  end: () => Promise<LoadResult>;
}

/** Sends `perSecond` requests until it is ended, on kept or on new connections. */
export function startLoad(question: Ask, options: { perSecond: number; keepAlive: boolean }): Load {
  const result: LoadResult = { sent: 0, failures: [], answers: [] };
  const connections = agent(options.keepAlive);
  const started = performance.now();
  const out = new Set<Promise<void>>();

  async function one(): Promise<void> {
    const now = (): number => performance.now() - started;
    const sentAt = now();
    const at = Math.round(sentAt);
    try {
      const answer = await ask({ ...question, agent: connections });
      result.answers.push({ ...answer, sentAt, endedAt: now() });
      if (answer.status !== 200)
        result.failures.push(`at ${at} ms: ${answer.status} ${answer.text.slice(0, 200)}`);
    } catch (error) {
      result.failures.push(`at ${at} ms: ${String(error)}`);
    }
  }

  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - started) / 1000) * options.perSecond);
    for (; result.sent < due; result.sent++) {
      const sent = one().finally(() => out.delete(sent));
      out.add(sent);
    }
  }, 5);

  return {
    async end() {
      clearInterval(timer);
      await Promise.all(out);
      connections.destroy();
      return result;
    },
  };
}
