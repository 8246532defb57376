// Looks a program up on a PATH, as execvp does.
import { access, constants, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join, resolve } from "node:path";

/** The absolute path of `name`, or null. A name with a slash is taken relative to `cwd`. */
export async function findProgram(name: string, path: string, cwd = "/"): Promise<string | null> {
  if (name.includes("/")) {
    const full = isAbsolute(name) ? name : resolve(cwd, name);
    return (await isProgram(full)) ? full : null;
  }
  for (const folder of path.split(delimiter)) {
    if (isAbsolute(folder) && (await isProgram(join(folder, name)))) return join(folder, name);
  }
  return null;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
