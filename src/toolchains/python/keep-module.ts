// Modules of ours that run inside of apps.
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Puts a copy of `file` into the home, as `name`, in a folder of its own named for `purpose` and the content: what uses it stays as it
 * is, also when Gantry is updated. Returns the folder.
 */
export async function keepModule(
  file: string,
  { name, purpose, toolsDir }: { name: string; purpose: string; toolsDir: string },
): Promise<string> {
  const text = await readFile(file);
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  const folder = join(toolsDir, `${purpose}-${hash}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unfinished = join(folder, `.${process.pid}-${performance.now()}`);
  await writeFile(unfinished, text);
  await rename(unfinished, join(folder, name));
  return folder;
}
