// What happens in the daemon, as it happens. News are only a hint: who waits for something looks for itself, too.
import type { Session } from "./session.ts";

/** Before the news are asked for again. */
const AGAIN_MS = 200;

/** One event, or one line of progress, of an app or (null) of Gantry itself. */
export interface News {
  event: string;
  appId: string | null;
  data: unknown;
}

/** Calls back until `signal` aborts. When the stream breaks it is opened again; what happened meanwhile is not told. */
export async function listen(
  session: Session,
  hear: (news: News) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await hearOnce(session, hear, signal).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS).unref());
  }
}

async function hearOnce(session: Session, hear: (news: News) => void, signal: AbortSignal): Promise<void> {
  const news = session.daemon().stream("/api/events", { query: { progress: "true" }, signal });
  for await (const { event, data } of news) {
    const { appId } = data as { appId?: string | null };
    hear({ event, appId: appId ?? null, data });
  }
}
