// What the readers of other programs' files hand over.
import type { Place } from "./manifest-input.ts";

/** One app of another program's file: settings under the manifest's keys, not yet checked. */
export interface ImportedApp {
  name: string | null;
  place: Place;
  settings: Record<string, unknown>;
}

/** What a reader of a foreign format found; warnings say what was left out. */
export interface Imported {
  apps: ImportedApp[];
  warnings: string[];
}
