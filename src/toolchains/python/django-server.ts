// Django behind gunicorn or uvicorn, which serve no static files: gantry_django.py does, as runserver would.
import { fileURLToPath } from "node:url";
import type { FoundApp } from "./inspect.ts";
import { keepModule } from "./keep-module.ts";
import { entryOf, serveLine } from "./serve-line.ts";

const MODULE = fileURLToPath(new URL("./gantry_django.py", import.meta.url));

/** The command line that serves the project through gantry_django.py, and what that reads from its environment. */
export async function djangoServer(
  app: FoundApp,
  toolsDir: string,
): Promise<{ run: string; env: Record<string, string> }> {
  const base = await keepModule(MODULE, { name: "gantry_django.py", purpose: "django", toolsDir });
  return {
    run: serveLine({ ...app, module: "gantry_django", variable: app.kind, factory: true, base }),
    env: { GANTRY_DJANGO_ENTRY: entryOf(app), GANTRY_DJANGO_BASE: app.base },
  };
}
