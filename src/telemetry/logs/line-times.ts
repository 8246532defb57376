// When a line was written, from the index; and where a moment begins in a file.
import type { LogFile } from "./log-file.ts";
import { type IndexEntry, readIndex } from "./log-index.ts";

/** Answers for rising offsets; what is not in the index yet was written at the file's last growth. */
export class LineTimes {
  readonly #file: LogFile;
  readonly #entries: IndexEntry[];
  #next = 0;

  constructor(file: LogFile) {
    this.#file = file;
    this.#entries = readIndex(file.indexPath).entries;
  }

  /** Epoch milliseconds of the first look that saw the line that ends at `end`; null when nobody ever looked. */
  at(end: number): number | null {
    while (this.#next < this.#entries.length && (this.#entries[this.#next]?.offset ?? 0) < end) this.#next++;
    const entry = this.#entries[this.#next];
    if (entry) return entry.at;
    return this.#entries.length === 0 && !this.#file.attached ? null : this.#file.grownAt;
  }

  /** Everything in front of this offset was written before `since`. */
  startOf(since: number): number {
    return this.#entries.findLast((entry) => entry.at < since)?.offset ?? 0;
  }
}
