// One table in memory whose rows belong to an app.
import type { AppTable } from "../domain/store.ts";

const NOTHING: readonly never[] = [];

export class MirrorTable<Row extends { id: string; appId: string }> implements AppTable<Row> {
  readonly #rows = new Map<string, Row>();
  /** Replaced, never changed: who holds such a list keeps what was true when it asked. */
  readonly #ofApp = new Map<string, readonly Row[]>();
  readonly #bornAt: (row: Row) => number;

  constructor(bornAt: (row: Row) => number) {
    this.#bornAt = bornAt;
  }

  get size(): number {
    return this.#rows.size;
  }
  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }
  all(): Iterable<Row> {
    return this.#rows.values();
  }
  ofApp(appId: string): readonly Row[] {
    return this.#ofApp.get(appId) ?? NOTHING;
  }

  put(row: Row): void {
    const before = this.#rows.get(row.id);
    this.#rows.set(row.id, row);
    if (before && before.appId === row.appId && this.#bornAt(before) === this.#bornAt(row)) {
      this.#ofApp.set(
        row.appId,
        this.ofApp(row.appId).map((other) => (other.id === row.id ? row : other)),
      );
      return;
    }
    if (before) this.#drop(before);
    const list = this.ofApp(row.appId);
    let place = list.length;
    while (place > 0 && this.#isBefore(row, list[place - 1])) place -= 1;
    this.#ofApp.set(row.appId, list.toSpliced(place, 0, row));
  }

  remove(id: string): void {
    const row = this.#rows.get(id);
    if (!row) return;
    this.#rows.delete(id);
    this.#drop(row);
  }

  #drop(row: Row): void {
    const rest = this.ofApp(row.appId).filter((other) => other.id !== row.id);
    if (rest.length > 0) this.#ofApp.set(row.appId, rest);
    else this.#ofApp.delete(row.appId);
  }

  #isBefore(row: Row, other: Row | undefined): boolean {
    if (!other) return false;
    const difference = this.#bornAt(row) - this.#bornAt(other);
    return difference < 0 || (difference === 0 && row.id < other.id);
  }
}
