// What the parts of one app's code store know together.
import { createGate, type Gate } from "./gate.ts";
import { type Places, placesOf } from "./places.ts";
import type { RecentLists } from "./recent-lists.ts";

export interface Shelf {
  places: Places;
  /** Contents are taken up and sealed together; things are removed alone. */
  gate: Gate;
  /** Hashes of the contents that open writers count on. */
  held: Set<ReadonlySet<string>>;
  /** Places in `incoming` that are in use. */
  staged: Set<string>;
  /** Trees that were just stored or taken out, and that no prune was told of yet → when, in monotonic ms. */
  fresh: Map<string, number>;
  recent: RecentLists;
}

export const createShelf = (home: string, app: string, recent: RecentLists): Shelf => ({
  places: placesOf(home, app),
  gate: createGate(),
  held: new Set(),
  staged: new Set(),
  fresh: new Map(),
  recent,
});

export const isHeld = (shelf: Shelf, hash: string): boolean => [...shelf.held].some((each) => each.has(hash));

export const touch = (shelf: Shelf, tree: string): void => {
  shelf.fresh.set(tree, performance.now());
};
