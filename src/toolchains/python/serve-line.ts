// The command line that serves an application which was found in the code.
import type { Check } from "../../domain/health.ts";
import { quoteWords } from "../../domain/split-words.ts";
import type { FoundApp, FoundFile, Inspection } from "./inspect.ts";
import { reachable } from "./inspect.ts";

/** `module:variable`, with `()` behind a factory. */
export const entryOf = (app: FoundApp): string => `${app.module}:${app.variable}${app.factory ? "()" : ""}`;

/** uvicorn for ASGI, gunicorn with one worker of four threads for WSGI, its aiohttp worker for aiohttp. */
export function serveLine(app: FoundApp): string {
  if (app.kind === "asgi") {
    const words = [
      "uvicorn",
      `${app.module}:${app.variable}`,
      ...(app.factory ? ["--factory"] : []),
      ...(app.base ? ["--app-dir", app.base] : []),
    ];
    return quoteWords([...words, "--host", "$HOST", "--port", "$PORT"]);
  }
  const path = app.base ? ["--pythonpath", app.base] : [];
  const kind =
    app.kind === "aiohttp"
      ? ["--worker-class", "aiohttp.GunicornWebWorker"]
      : ["--workers", "1", "--threads", "4"];
  return quoteWords(["gunicorn", entryOf(app), ...path, "--bind", "$HOST:$PORT", ...kind]);
}

/**
 * gunicorn listens before the application is loaded, so an open port proves nothing there; uvicorn listens when the
 * start-up is complete.
 */
export function checkOf(app: FoundApp): Check {
  if (app.health !== null) return { type: "http", path: app.health };
  return app.kind === "asgi" ? { type: "tcp" } : { type: "http", path: "/" };
}

/** Modules with which a script can't open a port: no sockets, no event loop, no subprocess. */
const HARMLESS = new Set(
  (
    "abc argparse base64 bisect calendar collections contextlib copy csv dataclasses datetime decimal enum errno fractions " +
    "functools getpass glob gzip hashlib heapq io itertools json locale logging math operator os pathlib pickle platform " +
    "pprint random re secrets shutil signal sqlite3 statistics string struct sys tempfile textwrap threading time " +
    "traceback types typing uuid warnings zipfile zlib zoneinfo __future__"
  ).split(" "),
);

/** True only when the imports show that the script can't listen. */
export function cannotListen(inspection: Inspection, file: string): boolean {
  const files = reachable(inspection, file);
  const harmless = (found: FoundFile) =>
    found.far.length === 0 && !found.port && found.stdlib.every((name) => HARMLESS.has(name));
  return files.length > 0 && !inspection.truncated && files.every(harmless);
}
