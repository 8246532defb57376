// Counts one app's requests between two reports.
import type { TrafficReport } from "../../domain/route.ts";

const BOUNDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

export class TrafficCounter {
  private readonly app: string;
  private requests = 0;
  private errors = 0;
  private clientErrors = 0;
  private bytesOut = 0;
  private buckets: number[] = new Array(BOUNDS.length + 1).fill(0);

  constructor(app: string) {
    this.app = app;
  }

  /** An answer began, `latencyMs` after its request had been read. */
  answered(status: number, latencyMs: number): void {
    this.requests++;
    if (status >= 500) this.errors++;
    else if (status >= 400) this.clientErrors++;
    let index = 0;
    while (index < BOUNDS.length && latencyMs > (BOUNDS[index] as number)) index++;
    this.buckets[index] = (this.buckets[index] as number) + 1;
  }

  sent(bytes: number): void {
    this.bytesOut += bytes;
  }

  /** The counts since the last call, or null when there were none. */
  take(): TrafficReport | null {
    if (this.requests === 0 && this.bytesOut === 0) return null;
    const report: TrafficReport = {
      app: this.app,
      requests: this.requests,
      errors: this.errors,
      clientErrors: this.clientErrors,
      latencyBuckets: this.buckets,
      bytesOut: this.bytesOut,
    };
    this.requests = this.errors = this.clientErrors = this.bytesOut = 0;
    this.buckets = new Array(BOUNDS.length + 1).fill(0);
    return report;
  }
}
