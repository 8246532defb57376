// When an app needs no more waiting.
import type { AppState } from "../domain/state.ts";

/** On the way to somewhere else. */
const MOVING = new Set<AppState>(["uploaded", "installing", "installed", "starting", "stopping"]);

/** Did a start come to its end? A crash loop counts as one: it may go on for ever. */
export const isSettled = (state: AppState): boolean => !MOVING.has(state);

/** Did it end well? */
export const isGood = (state: AppState): boolean =>
  state === "running" || state === "disabled" || state === "sleeping";
