// The project's own virtual environment: used as it is, never changed.
import { join } from "node:path";
import { runCommand } from "../../lib/run-command.ts";
import { isFile } from "../folder.ts";
import { toolEnvironment } from "../tool-env.ts";

export interface OwnEnvironment {
  dir: string;
  python: string;
  version: string;
  /** Those of the asked modules that it has. */
  modules: string[];
}

const QUESTION = `import importlib.util, json, sys
def there(name):
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False
print(json.dumps([".".join(map(str, sys.version_info[:3])), [name for name in sys.argv[1:] if there(name)]]))
`;

/** The environment in `.venv` or `venv` that works, and which of `modules` it has; null when there is none. */
export async function findOwnEnvironment(
  dir: string,
  modules: string[],
  signal?: AbortSignal,
): Promise<OwnEnvironment | null> {
  for (const name of [".venv", "venv"]) {
    const home = join(dir, name);
    const python = join(home, "bin", "python");
    if (!(await isFile(join(home, "pyvenv.cfg"))) || !(await isFile(python))) continue;
    try {
      const result = await runCommand(python, ["-c", QUESTION, ...modules], {
        cwd: "/",
        env: toolEnvironment(),
        signal,
        timeoutMs: 20_000,
      });
      if (result.code !== 0) continue;
      const [version, found] = JSON.parse(result.stdout) as [string, string[]];
      return { dir: home, python, version, modules: found };
    } catch {
      signal?.throwIfAborted();
    }
  }
  return null;
}
