// Where Gantry keeps what belongs to one app: logs, builds, data.
import { join } from "node:path";
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";

export const folderOfApp = ({ settings }: Context, app: App): string => join(settings.home, "apps", app.name);

/** A deleted app's folder bears its id (no name has an underscore), because its name may be another app's by now. */
export const folderOfDeleted = ({ settings }: Context, app: App): string =>
  join(settings.home, "apps", app.id);
