// How the hooks of an app stand.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { type AppHooks, hookFacts, NO_HOOKS } from "../domain/hook.ts";
import type { Instance } from "../domain/instance.ts";
import type { Release } from "../domain/release.ts";

/** Hooks are those of the release that should run. Costs almost nothing for apps without any: lists ask for many. */
export function observeHooks(
  { store }: Context,
  app: App,
  release: Release | undefined,
  rows: readonly Instance[],
): AppHooks {
  const last = store.executions.lastHooks(app.id);
  const hooks = release?.config.hooks;
  if (release === undefined || (hooks === undefined && last.size === 0)) return NO_HOOKS;
  const { generation, round = 0 } = app;
  const runs = rows.findLast(
    (row) => row.endedAt === null && row.generation === generation && row.releaseId === release.id,
  );
  const occasion = {
    releaseId: release.id,
    generation,
    round,
    startRound: runs === undefined ? round : (runs.round ?? 0),
    wanted: app.wanted && app.enabled && app.deletedAt === null,
    startedBefore: rows.some((row) => row.generation === generation && row.releaseId === release.id),
    ranBefore: rows.some((row) => row.generation === generation),
    targetIsGood: app.goodReleaseId === release.id,
    wasGood: release.goodAt !== undefined,
  };
  return hookFacts(hooks ?? {}, occasion, last);
}
