// Where Gantry keeps what belongs to one app: logs, releases, data.
import { join } from "node:path";
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";

export const folderOfApp = ({ settings }: Context, app: App): string => join(settings.home, "apps", app.name);

/** A deleted app's folder bears its id (no name has an underscore), because its name may be another app's by now. */
export const folderOfDeleted = ({ settings }: Context, app: App): string =>
  join(settings.home, "apps", app.id);

/** The folder that the app has at present. */
export const presentFolder = (context: Context, app: App): string =>
  app.deletedAt === null ? folderOfApp(context, app) : folderOfDeleted(context, app);

/** The outputs of fetches and builds, a file for each deployment. */
export const deploymentLogs = (context: Context, app: App): string =>
  join(presentFolder(context, app), "releases", "logs");

/** May not be there: before the deployment began, and after its release is gone. */
export const deploymentLog = (context: Context, app: App, deploymentId: string): string =>
  join(deploymentLogs(context, app), `${deploymentId}.log`);
