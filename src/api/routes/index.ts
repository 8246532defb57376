// All routes of the API.
import type { Routes } from "../api.ts";
import { appRoutes } from "./app.ts";
import { appActionRoutes } from "./app-actions.ts";
import { appFactRoutes } from "./app-facts.ts";
import { appsRoutes } from "./apps.ts";
import { authRoutes } from "./auth.ts";
import { docsRoutes } from "./docs.ts";
import { eventRoutes } from "./events.ts";
import { executionRoutes } from "./executions.ts";
import { homeRoutes } from "./home.ts";
import { importRoutes } from "./import.ts";
import { lifeRoutes } from "./life.ts";
import { logRoutes } from "./logs.ts";
import { metricsRoutes } from "./metrics.ts";
import { portRoutes } from "./ports.ts";
import { rescanRoutes } from "./rescan.ts";
import { systemRoutes } from "./system.ts";
import { upRoutes } from "./up.ts";
import { valueRoutes } from "./values.ts";

export const ROUTES: Routes[] = [
  appsRoutes,
  appRoutes,
  appActionRoutes,
  appFactRoutes,
  valueRoutes,
  rescanRoutes,
  importRoutes,
  upRoutes,
  logRoutes,
  eventRoutes,
  executionRoutes,
  portRoutes,
  systemRoutes,
  lifeRoutes,
  authRoutes,
  homeRoutes,
  metricsRoutes,
  docsRoutes,
];
