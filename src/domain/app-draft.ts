// An app as a manifest or another program's file describes it.
import type { AppConfig, EngineName } from "./app.ts";

/** An app as a file describes it, before anything is looked up. */
export interface AppDraft {
  /** null: to be taken from the folder. */
  name: string | null;
  /** As written, relative to the file's folder; `.` when not given. */
  path: string;
  /** Only what the file says; sections are complete. `completeConfig` adds the rest. */
  config: Partial<AppConfig>;
  engine: EngineName;
  /** null: not said. */
  enabled: boolean | null;
  file: string;
  line: number;
}
