// Which branches and tags somebody may have meant.
import { closest } from "../../domain/closest.ts";
import { harmless } from "../../lib/harmless-text.ts";

const MOST = 5;
/** More are not compared: it is only a hint. */
const COMPARED = 2_000;

/** Up to five of `names`, the nearest first; all of them when there are no more than five. */
export function nearNames(wanted: string, names: readonly string[]): string[] {
  const left = new Set(names.filter((name) => name.length <= 100).slice(0, COMPARED));
  const near: string[] = [];
  const take = (name: string) => {
    left.delete(name);
    near.push(harmless(name));
  };
  while (near.length < MOST) {
    const next = closest(wanted, left);
    if (next === undefined) break;
    take(next);
  }
  const plain = wanted.toLowerCase();
  for (const name of left) {
    if (near.length === MOST) break;
    const other = name.toLowerCase();
    if (names.length <= MOST || other.includes(plain) || plain.includes(other)) take(name);
  }
  return near;
}
