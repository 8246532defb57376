// Waits until apps are where they should be, and tells what they do meanwhile.
import type { AppView } from "../domain/app-view.ts";
import type { Progress } from "../domain/event.ts";
import { createBell } from "./bell.ts";
import { areFew, listApps, readApps } from "./list-apps.ts";
import { listen, type News } from "./news.ts";
import { createPatience } from "./patience.ts";
import type { Session } from "./session.ts";

/** For news that got lost: looks at all apps that are waited for, soon at first, then ever more rarely. */
const FIRST_LOOK_MS = 100;
const LAST_LOOK_MS = 2000;
/** News come in bursts; one look serves a burst: a short one for few apps, five looks a second for many. */
const BURST_MS = 15;
const LONG_BURST_MS = 200;

/** What is looked at, again and again. */
export type Glimpse = Pick<AppView, "id" | "name" | "state" | "reason" | "deployment"> &
  Partial<Pick<AppView, "instances">>;

export interface Watched {
  app: Glimpse;
  /** What it does at the moment, e.g. a line of its build. */
  doing: string | null;
}

export interface Watch {
  ids: string[];
  /** Asked at each look; an app is not looked at again when this was true. */
  done(app: Glimpse): boolean;
  /** True when `done` needs to see the instances. */
  instances?: boolean;
  /** Called with an app that changed, or began to do something else. */
  changed?(watched: Watched): void;
}

/** Resolves to the apps in full, in the order of `ids`, as soon as all are done. */
export async function watchApps(session: Session, watch: Watch): Promise<AppView[]> {
  const eyes = createEyes(session, watch);
  await eyes.look();
  if (eyes.waiting.size > 0) await untilDone(session, eyes);
  // Of few apps what was decided by is what is told: one in a crash loop is already another when it is asked for again.
  return eyes.full() ?? readApps(session.daemon(), watch.ids);
}

interface Eyes {
  /** Ids of the apps that are not done. */
  waiting: Set<string>;
  /** Looks at the apps that are due (at first: all) and not done. */
  look(): Promise<void>;
  due: Set<string>;
  note(progress: Progress): void;
  /** What was last seen of each app, unless there were too many to see them in full. */
  full(): AppView[] | undefined;
}

function createEyes(session: Session, watch: Watch): Eyes {
  const seen = new Map<string, Watched>();
  const full = new Map<string, AppView>();
  const waiting = new Set(watch.ids);
  const due = new Set(watch.ids);
  const take = (app: Glimpse) => {
    const before = seen.get(app.id);
    const doing = before?.app.state === app.state ? before.doing : null;
    seen.set(app.id, { app, doing });
    if (before?.app.state !== app.state || before.app.reason !== app.reason) watch.changed?.({ app, doing });
    if (watch.done(app)) waiting.delete(app.id);
  };
  return {
    waiting,
    due,
    full: () => (areFew(watch.ids.length) ? watch.ids.flatMap((id) => full.get(id) ?? []) : undefined),
    async look() {
      const ids = [...due].filter((id) => waiting.has(id));
      due.clear();
      const apps = areFew(ids.length)
        ? await readFull(session, ids, full)
        : await glimpse(session, watch.instances === true);
      for (const id of ids) {
        const app = apps.get(id);
        if (app === undefined) waiting.delete(id);
        else take(app);
      }
    },
    note({ appId, message }) {
      const watched = seen.get(appId);
      if (watched === undefined || watched.doing === message) return;
      watched.doing = message;
      watch.changed?.(watched);
    },
  };
}

const FIELDS = ["id", "name", "state", "reason", "deployment"] as const;

async function readFull(
  session: Session,
  ids: string[],
  full: Map<string, AppView>,
): Promise<Map<string, Glimpse>> {
  for (const app of await readApps(session.daemon(), ids)) full.set(app.id, app);
  return full;
}

/** Many are seen with one list: a thousand connections at once are more than a socket takes. */
async function glimpse(session: Session, instances: boolean): Promise<Map<string, Glimpse>> {
  const fields = instances ? ([...FIELDS, "instances"] as const) : FIELDS;
  const apps: Glimpse[] = await listApps(session.daemon(), fields);
  return new Map(apps.map((app) => [app.id, app]));
}

async function untilDone(session: Session, eyes: Eyes): Promise<void> {
  const stop = new AbortController();
  const bell = createBell();
  void listen(session, (news) => takeNews(news, eyes, bell.ring), stop.signal);
  const patiently = createPatience();
  let pause = FIRST_LOOK_MS;
  let next = performance.now() + pause;
  try {
    while (eyes.waiting.size > 0) {
      await bell.heard(next - performance.now());
      await later(areFew(eyes.waiting.size) ? BURST_MS : LONG_BURST_MS);
      if (performance.now() >= next) {
        for (const id of eyes.waiting) eyes.due.add(id);
        pause = Math.min(LAST_LOOK_MS, pause * 1.5);
        next = performance.now() + pause;
      }
      await patiently(() => eyes.look());
    }
  } finally {
    stop.abort();
  }
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function takeNews({ event, appId, data }: News, eyes: Eyes, ring: () => void): void {
  if (appId === null || !eyes.waiting.has(appId)) return;
  if (event === "progress") eyes.note(data as Progress);
  else {
    eyes.due.add(appId);
    ring();
  }
}
