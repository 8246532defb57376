// Opens the store in a PostgreSQL database.
import type { Backend } from "./backend.ts";
import type { Setup } from "./open-sqlite.ts";

export function openPostgres(_url: string, _setup: Setup): Promise<Backend> {
  return Promise.reject(new Error("not built yet"));
}
