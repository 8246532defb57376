// A batch on its way through the store.
import type { Batch } from "../domain/store.ts";
import { KINDS, type Kind, type Rows } from "./schema.ts";

/** A batch with the time at which it was handed in (epoch ms: its events bear it) and what only the store itself writes. */
export interface Change extends Batch {
  at: number;
  meta?: Record<string, string>;
}

export const putsOf = <K extends Kind>(batch: Batch, kind: K): readonly Rows[K][] =>
  (batch.put?.[kind] as Rows[K][] | undefined) ?? [];

export const removesOf = (batch: Batch, kind: Kind): readonly string[] => batch.remove?.[kind] ?? [];

/** One word for each row that the batch puts or removes. */
export function keysOf(batch: Batch): string[] {
  return KINDS.flatMap((kind) => [
    ...putsOf(batch, kind).map((row) => keyOf(kind, row.id)),
    ...removesOf(batch, kind).map((id) => keyOf(kind, id)),
  ]);
}

export const keyOf = (kind: Kind, id: string): string => `${kind}/${id}`;
