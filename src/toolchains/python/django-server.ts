// Django behind gunicorn or uvicorn, which serve no static files: gantry_django.py does, as runserver would.
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FoundApp } from "./inspect.ts";
import { entryOf, serveLine } from "./serve-line.ts";

const MODULE = fileURLToPath(new URL("./gantry_django.py", import.meta.url));

/** The command line that serves the project through gantry_django.py, and what that reads from its environment. */
export async function djangoServer(
  app: FoundApp,
  toolsDir: string,
): Promise<{ run: string; env: Record<string, string> }> {
  const base = await keepModule(toolsDir);
  return {
    run: serveLine({ ...app, module: "gantry_django", variable: app.kind, factory: true, base }),
    env: { GANTRY_DJANGO_ENTRY: entryOf(app), GANTRY_DJANGO_BASE: app.base },
  };
}

/** In the home and under its content's name: a release keeps what it was built with, also when Gantry is updated. */
async function keepModule(toolsDir: string): Promise<string> {
  const text = await readFile(MODULE);
  const folder = join(toolsDir, `django-${createHash("sha256").update(text).digest("hex").slice(0, 16)}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unfinished = join(folder, `.${process.pid}-${performance.now()}`);
  await writeFile(unfinished, text);
  await rename(unfinished, join(folder, "gantry_django.py"));
  return folder;
}
