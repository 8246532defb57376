// Stores what the loop decided: on the newest rows where the database can be written, and without it where it can't.
import type { Context } from "../context.ts";
import type { Batch } from "../domain/store.ts";

/** Supervision waits this long for a database that is locked. */
const PATIENCE_MS = 300;

/** `batch` is asked when its turn has come, so that no write that is under way gets lost. Never rejects. */
export async function writeSurely({ store }: Context, batch: () => Batch): Promise<void> {
  try {
    await store.write(batch, { waitMs: PATIENCE_MS });
  } catch {
    await store.record(batch());
  }
}
