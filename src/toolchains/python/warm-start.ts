// Python processes that have imported server and framework before their code is known; warm_start.py runs in them.
import { fileURLToPath } from "node:url";
import type { Preparation, PreparationOrder } from "../../domain/toolchain.ts";
import { keepModule } from "./keep-module.ts";

const MODULE = fileURLToPath(new URL("./warm_start.py", import.meta.url));

/** What `uvicorn main:app` has imported when it answers the first request; what is not installed is passed over. */
const SERVER = [
  "runpy",
  "uvicorn",
  "uvicorn.protocols.http.auto",
  "uvicorn.protocols.websockets.auto",
  "uvicorn.lifespan.on",
  "uvicorn.loops.auto",
  "uvicorn.loops.asyncio",
  "uvloop",
  "encodings.idna",
  "concurrent.futures.thread",
];
const FRAMEWORKS: Record<string, string[]> = {
  fastapi: ["fastapi", "fastapi.responses", "anyio._backends._asyncio", "pydantic.v1"],
  starlette: [
    "starlette.applications",
    "starlette.routing",
    "starlette.responses",
    "anyio._backends._asyncio",
  ],
};
/** Beginnings of the names of variables that an interpreter, its C library or one of these packages reads while it is loaded. */
const READ_EARLY = "PYTHON LD_ GLIBC_ MALLOC_ DYLD_ LC_ LANG TZ OPENSSL_ SSLKEYLOGFILE PYDANTIC_".split(" ");
/** With these the app is imported in other processes. */
const ELSEWHERE = /^--(?:reload|workers)(?:=|$)/;

/** For uvicorn in a shared environment: there nothing but what was installed can be imported. */
export async function preparePython({
  launch,
  variables,
  envsDir,
  toolsDir,
}: PreparationOrder): Promise<Preparation | null> {
  const [python = "", flag, module, ...words] = launch.argv;
  // Elsewhere a process can't tell what its environment was when it was started.
  if (process.platform !== "linux") return null;
  if (flag !== "-m" || module !== "uvicorn" || words.some((word) => ELSEWHERE.test(word))) return null;
  if (!python.startsWith(`${envsDir}/`)) return null;
  if (variables.some((name) => READ_EARLY.some((beginning) => name.startsWith(beginning)))) return null;
  const folder = await keepModule(MODULE, { name: "sitecustomize.py", purpose: "warm", toolsDir });
  return {
    argv: [python, "-m", "uvicorn"],
    env: {
      PYTHONPATH: folder,
      GANTRY_STANDBY_MODULES: [...SERVER, ...(FRAMEWORKS[launch.framework ?? ""] ?? [])].join(),
      GANTRY_STANDBY_READ_EARLY: READ_EARLY.join(),
    },
  };
}
