// The lines of one file as a stream of batches, with times and filters.
import type { LogLine } from "../../domain/log-line.ts";
import type { LineFilter } from "./grep-lines.ts";
import { LineReader } from "./line-reader.ts";
import { LineTimes } from "./line-times.ts";
import type { LogFile } from "./log-file.ts";
import { tailStart } from "./tail-start.ts";

export interface Wanted {
  /** Only the last lines; all when undefined. */
  tail: number | undefined;
  /** Epoch milliseconds. */
  since: number | undefined;
  filter: LineFilter | undefined;
  /** Go on behind this offset instead. */
  after: number | undefined;
}

/** One file on its way from a starting point to its end, and further when it grows. */
export class FileLines {
  readonly file: LogFile;
  /** The file's size when reading began: history in front of it, news behind. */
  readonly end: number;
  /** False until something was read or skipped. */
  started = false;
  readonly #wanted: Wanted;
  readonly #reader: LineReader;
  #times: LineTimes | undefined;
  #latest = 0;

  constructor(file: LogFile, wanted: Wanted) {
    this.file = file;
    this.end = file.size;
    this.#wanted = wanted;
    this.#reader = new LineReader(file, 0);
  }

  /** Skips the history: only what is written from now on. */
  async skip(): Promise<void> {
    this.started = true;
    this.#reader.position = await tailStart(this.file, this.end, 0);
  }

  /**
   * The next lines in front of `limit` that are wanted, and whether there may be more. `final`: an unfinished last line counts.
   * Returned times never go back, so that streams can be merged by them.
   */
  async next(limit: number, final: boolean): Promise<{ lines: LogLine[]; more: boolean }> {
    if (!this.started) await this.#start(final);
    const before = this.#reader.position;
    const pieces = await this.#reader.next(limit, final);
    if (pieces.length === 0) return { lines: [], more: this.#reader.position > before };
    this.#times ??= new LineTimes(this.file);
    const keep = this.#wanted.filter?.(pieces.map(({ text }) => text));
    const lines: LogLine[] = [];
    for (const [i, { text, end }] of pieces.entries()) {
      const at = this.#times.at(end);
      if (at !== null) this.#latest = Math.max(this.#latest, at);
      if (keep?.[i] === false) continue;
      if (this.#wanted.since !== undefined && at !== null && at < this.#wanted.since && end <= this.end)
        continue;
      const shown = at === null ? null : this.#latest;
      lines.push({ app: this.file.app, instanceId: this.file.instanceId, at: shown, text, offset: end });
    }
    return { lines, more: true };
  }

  /** Frees descriptor, buffer and index until the next use. */
  async rest(): Promise<void> {
    this.#times = undefined;
    await this.#reader.rest();
  }

  async #start(final: boolean): Promise<void> {
    this.started = true;
    const { after, since, tail, filter } = this.#wanted;
    if (after !== undefined) this.#reader.position = Number.isSafeInteger(after) ? Math.max(0, after) : 0;
    else if (since !== undefined) {
      this.#times = new LineTimes(this.file);
      const offset = this.#times.startOf(since);
      this.#reader.position = offset === 0 ? 0 : await tailStart(this.file, offset, 0);
    } else if (tail !== undefined && filter === undefined) {
      const end = final ? this.end : await tailStart(this.file, this.end, 0);
      this.#reader.position = await tailStart(this.file, end, tail);
    }
  }
}
