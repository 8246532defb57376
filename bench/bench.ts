// What a benchmark is, and one line of its result.

export interface Row {
  figure: string;
  /** Median of Gantry's own measurements, in `unit`. */
  gantry: number;
  unit: string;
  /** The bare thing, measured side by side; null where there is nothing to compare with. */
  bare: number | null;
  /** 95th percentile of Gantry's, where it matters. */
  p95?: number;
  /** What must be reached, in words, and whether it was. */
  target: string;
  reached: boolean | null;
}

export interface Bench {
  name: string;
  /** One sentence. */
  what: string;
  /** `quick`: fewer rounds, for a first impression. */
  run: (options: { quick: boolean; note: (text: string) => void }) => Promise<Row[]>;
}
