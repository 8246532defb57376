// Keeps the history of ended instances and deployments short.
import type { Batch } from "../domain/store.ts";
import { putsOf } from "./change.ts";
import type { Mirror } from "./mirror.ts";

/** Ended rows kept for each app. */
const KEPT_ENDED = 20;

/** So many more may gather until they are removed together: most batches remove nothing. */
const SLACK = 5;

/** The batch, with the removal of the oldest ended rows of those apps of which it ends one. */
export function pruneEnded<B extends Batch>(batch: B, mirror: Mirror): B {
  const instances = surplus(putsOf(batch, "instances"), (appId) => mirror.instances.ofApp(appId));
  const deployments = surplus(putsOf(batch, "deployments"), (appId) => mirror.deployments.ofApp(appId));
  if (instances.length === 0 && deployments.length === 0) return batch;
  return {
    ...batch,
    remove: {
      ...batch.remove,
      instances: [...(batch.remove?.instances ?? []), ...instances],
      deployments: [...(batch.remove?.deployments ?? []), ...deployments],
    },
  };
}

function surplus<Row extends { id: string; appId: string; endedAt: number | null }>(
  puts: readonly Row[],
  ofApp: (appId: string) => readonly Row[],
): string[] {
  const ending = puts.filter((row) => row.endedAt !== null);
  if (ending.length === 0) return [];
  const touched = new Set(puts.map((row) => row.id));
  return [...new Set(ending.map((row) => row.appId))].flatMap((appId) => {
    const older = ofApp(appId).filter((row) => row.endedAt !== null && !touched.has(row.id));
    const ended = older.length + ending.filter((row) => row.appId === appId).length;
    return ended <= KEPT_ENDED + SLACK ? [] : older.slice(0, ended - KEPT_ENDED).map((row) => row.id);
  });
}
