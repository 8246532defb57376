// The mirrored tables by name.
import type { Kind, Rows } from "../schema.ts";
import { appsTable } from "./apps.ts";
import { deploymentsTable } from "./deployments.ts";
import { executionsTable } from "./executions.ts";
import { instancesTable } from "./instances.ts";
import { releasesTable } from "./releases.ts";
import type { RowTable } from "./row-table.ts";

export const TABLES: { readonly [K in Kind]: RowTable<Rows[K]> } = {
  apps: appsTable,
  releases: releasesTable,
  instances: instancesTable,
  deployments: deploymentsTable,
  executions: executionsTable,
};
