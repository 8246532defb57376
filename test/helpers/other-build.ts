// This program, built at another time or as another version.
import { cpSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");

/** Its launcher, in a copy at `dir`. `stamp` (see `src/lib/build-stamp.ts`) has as many characters as that of dist/. */
export function otherBuild(dir: string, stamp: string): string {
  mkdirSync(dir);
  for (const name of ["bin", "dist", "package.json"])
    cpSync(join(ROOT, name), join(dir, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(dir, "node_modules"));
  const own = readFileSync(join(dir, "dist", "build-stamp"), "utf8").trim();
  if (own.length !== stamp.length) throw new Error(`${stamp} is not as long as ${own}`);
  for (const name of globSync("dist/*.{js,cjs}", { cwd: dir })) {
    const text = readFileSync(join(dir, name), "latin1");
    writeFileSync(join(dir, name), text.replaceAll(own, stamp), "latin1");
  }
  return join(dir, "bin", "gantry");
}
