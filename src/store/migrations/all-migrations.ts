// All migrations in order: a plain list, so that a bundle has them.
import type { Migration } from "../migrate.ts";
import { first } from "./0001-first.ts";
import { executions } from "./0002-executions.ts";

export const MIGRATIONS: readonly Migration[] = [first, executions];
