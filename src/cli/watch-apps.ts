// Waits until apps are where they should be, and tells what they do meanwhile.
import type { AppView } from "../domain/app-view.ts";
import type { Progress } from "../domain/event.ts";
import { Failure } from "./failure.ts";
import type { Session } from "./session.ts";

/** For news that got lost: looks at all apps that are waited for, soon at first, then ever more rarely. */
const FIRST_LOOK_MS = 100;
const LAST_LOOK_MS = 2000;
/** News come in bursts; one look serves a burst. */
const BURST_MS = 15;
/** A daemon that died is back within seconds; so long it may be away. */
const PATIENCE_MS = 15_000;
/** Before the news are asked for again. */
const AGAIN_MS = 200;

export interface Watched {
  app: AppView;
  /** What it does at the moment, e.g. a line of its build. */
  doing: string | null;
}

export interface Watch {
  ids: string[];
  /** Asked at each look; an app is not looked at again when this was true. */
  done(app: AppView): boolean;
  /** Called with an app that changed, or began to do something else. */
  changed?(watched: Watched): void;
}

/** Resolves to the apps, in the order of `ids`, as soon as all are done. */
export async function watchApps(session: Session, watch: Watch): Promise<AppView[]> {
  const eyes = createEyes(session, watch);
  await eyes.look();
  if (eyes.waiting.size > 0) await untilDone(session, eyes);
  return eyes.seen();
}

interface Eyes {
  /** Ids of the apps that are not done. */
  waiting: Set<string>;
  /** Looks at the apps that are due (at first: all) and not done. */
  look(): Promise<void>;
  due: Set<string>;
  note(progress: Progress): void;
  seen(): AppView[];
}

function createEyes(session: Session, watch: Watch): Eyes {
  const daemon = session.daemon();
  const seen = new Map<string, Watched>();
  const waiting = new Set(watch.ids);
  const due = new Set(watch.ids);
  const lookAt = async (id: string) => {
    const app = await daemon.request("GET", "/api/apps/{id}", { params: { id } });
    const before = seen.get(id);
    const doing = before?.app.state === app.state ? before.doing : null;
    seen.set(id, { app, doing });
    if (before?.app.state !== app.state || before.app.reason !== app.reason) watch.changed?.({ app, doing });
    if (watch.done(app)) waiting.delete(id);
  };
  return {
    waiting,
    due,
    async look() {
      const ids = [...due].filter((id) => waiting.has(id));
      due.clear();
      await Promise.all(ids.map(lookAt));
    },
    note({ appId, message }) {
      const watched = seen.get(appId);
      if (watched === undefined || watched.doing === message) return;
      watched.doing = message;
      watch.changed?.(watched);
    },
    seen: () => watch.ids.flatMap((id) => seen.get(id)?.app ?? []),
  };
}

function untilDone(session: Session, eyes: Eyes): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = new AbortController();
    let lastSeen = performance.now();
    let burst: NodeJS.Timeout | undefined;
    const end = (settle: () => void) => {
      stop.abort();
      clearTimeout(regular);
      clearTimeout(burst);
      settle();
    };
    const look = () => {
      burst = undefined;
      eyes.look().then(
        () => {
          lastSeen = performance.now();
          if (eyes.waiting.size === 0) end(resolve);
        },
        (error) => {
          const away = error instanceof Failure && error.kind === "unreachable";
          if (!away || performance.now() - lastSeen > PATIENCE_MS) end(() => reject(error));
        },
      );
    };
    const soon = () => {
      burst ??= setTimeout(look, BURST_MS);
    };
    let pause = FIRST_LOOK_MS;
    const lookAtAll = () => {
      for (const id of eyes.waiting) eyes.due.add(id);
      soon();
      pause = Math.min(LAST_LOOK_MS, pause * 1.5);
      regular = setTimeout(lookAtAll, pause);
    };
    let regular = setTimeout(lookAtAll, pause);
    void listen(session, eyes, soon, stop.signal);
  });
}

/** News are only a hint: when their stream breaks, the regular look goes on, and fails if the daemon is gone for good. */
async function listen(session: Session, eyes: Eyes, soon: () => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await hear(session, eyes, soon, signal).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS).unref());
  }
}

async function hear(session: Session, eyes: Eyes, soon: () => void, signal: AbortSignal): Promise<void> {
  const news = session.daemon().stream("/api/events", { query: { progress: "true" }, signal });
  for await (const { event, data } of news) {
    const { appId } = data as { appId?: string | null };
    if (typeof appId !== "string" || !eyes.waiting.has(appId)) continue;
    if (event === "progress") eyes.note(data as Progress);
    else {
      eyes.due.add(appId);
      soon();
    }
  }
}
