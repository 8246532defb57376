// Which releases are kept, and which was good before which: pure.
import type { App } from "./app.ts";
import type { Release } from "./release.ts";

/** Those beyond the newest `kept` that nobody needs: not in `needed`, not pinned. */
export function surplusReleases(
  releases: readonly Release[],
  kept: number,
  needed: ReadonlySet<string>,
): Release[] {
  const older = releases.toSorted((a, b) => b.number - a.number).slice(kept);
  return older.filter((release) => !needed.has(release.id) && release.pinned !== true);
}

/** The release to go back to: the one that proved itself last, before the target did. */
export function goodBefore(
  { targetReleaseId, goodReleaseId }: Pick<App, "targetReleaseId" | "goodReleaseId">,
  releases: readonly Release[],
): Release | undefined {
  const target = releases.find(({ id }) => id === targetReleaseId);
  const others = releases.filter(({ id }) => id !== targetReleaseId);
  // A target that is not good yet: the good one is the one before it.
  const good = others.find(({ id }) => id === goodReleaseId);
  if (good !== undefined) return good;
  const proved = others.filter(({ goodAt }) => goodAt !== undefined);
  if (proved.length > 0) return proved.reduce((a, b) => ((b.goodAt ?? 0) > (a.goodAt ?? 0) ? b : a));
  // Releases of older versions do not tell when they were good.
  return others.findLast(({ number, code }) => code === undefined && number < (target?.number ?? 0));
}
