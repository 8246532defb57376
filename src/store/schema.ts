// The database's tables, as the query builder knows them.
import type { Kysely } from "kysely";
import type { App } from "../domain/app.ts";
import type { Deployment } from "../domain/deployment.ts";
import type { Execution } from "../domain/execution.ts";
import type { Instance } from "../domain/instance.ts";
import type { Release } from "../domain/release.ts";

/** The rows that changes put and remove, by the name of their table. */
export interface Rows {
  apps: App;
  releases: Release;
  instances: Instance;
  deployments: Deployment;
  executions: Execution;
}

export type Kind = keyof Rows;

/** Of these all rows are held in memory; of executions, which may be a million, only those that decide something. */
export type MirroredKind = Exclude<Kind, "executions">;

/** Parents first: the order of putting; removing goes the other way round. */
export const MIRRORED: readonly MirroredKind[] = ["apps", "releases", "instances", "deployments"];
export const KINDS: readonly Kind[] = [...MIRRORED, "executions"];

/**
 * `doc` is the whole row as JSON and the truth. The rows are always read and written whole and live in memory, so a
 * column of its own has only what the database itself must check (keys, unique names) or search by. New fields need no
 * new column, and what an older program does not know survives in the text.
 */
interface Documented {
  id: string;
  doc: string;
}

/** Times are epoch milliseconds. */
export interface Tables {
  apps: Documented & { name: string; deleted: 0 | 1 };
  releases: Documented & { app_id: string; number: number };
  instances: Documented & { app_id: string; release_id: string; ended_at: number | null };
  deployments: Documented & { app_id: string };
  executions: Documented & {
    app_id: string;
    kind: string;
    name: string;
    state: string;
    created_at: number;
  };
  events: {
    id: number;
    at: number;
    type: string;
    app_id: string | null;
    actor: string;
    message: string;
    data: string | null;
  };
  meta: { key: string; value: string };
  /** Rows that could not be read, kept for people to look at. */
  set_aside: { kind: string; id: string; doc: string; reason: string; at: number };
  migrations: { number: number; name: string; at: number };
}

/** A connection or an open transaction. */
export type Queries = Kysely<Tables>;
