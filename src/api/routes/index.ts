// All routes of the API.
import type { Routes } from "../api.ts";
import { appRoutes } from "./app.ts";
import { appActionRoutes } from "./app-actions.ts";
import { appFactRoutes } from "./app-facts.ts";
import { appsRoutes } from "./apps.ts";
import { authRoutes } from "./auth.ts";
import { cloneRoutes } from "./clone.ts";
import { deployFolderRoutes } from "./deploy-folder.ts";
import { deploymentRoutes } from "./deployments.ts";
import { docsRoutes } from "./docs.ts";
import { draftRoutes } from "./draft.ts";
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
import { templateRoutes } from "./templates.ts";
import { upRoutes } from "./up.ts";
import { uploadFilesRoutes } from "./upload-files.ts";
import { uploadGitRoutes } from "./upload-git.ts";
import { uploadZipRoutes } from "./upload-zip.ts";
import { validateRoutes } from "./validate.ts";
import { valueRoutes } from "./values.ts";
import { versionRoutes } from "./versions.ts";

export const ROUTES: Routes[] = [
  appsRoutes,
  uploadZipRoutes,
  uploadGitRoutes,
  uploadFilesRoutes,
  deployFolderRoutes,
  templateRoutes,
  draftRoutes,
  deploymentRoutes,
  versionRoutes,
  cloneRoutes,
  validateRoutes,
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
