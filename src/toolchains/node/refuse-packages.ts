// What a Node project would install, held against the administrator's list before anything is fetched.
import { join } from "node:path";
import { runCommand } from "../../lib/run-command.ts";
import { type AllowList, NOT_LISTED, refused } from "../allow-list.ts";
import { isFile } from "../folder.ts";
import type { Package } from "./package-json.ts";
import { packagerOf } from "./packager.ts";

interface Locked {
  name?: string;
  version?: string;
  resolved?: string;
  link?: boolean;
  bundled?: boolean;
  inBundle?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/**
 * Only what a package-lock.json names to the last package can be looked at. Throws `requirement-refused` for the first package
 * that may not be installed, and for any other way to install some.
 */
export async function refusePackages(
  list: AllowList,
  dir: string,
  found: Package,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const asked = Object.entries({ ...found.dependencies, ...found.development });
  if (asked.length === 0) return;
  for (const [name, range] of asked)
    if (!/^[\w.~^<>=|*\s+-]*$/.test(range))
      throw refused(
        name,
        "package.json",
        "only packages of the registry are allowed, no addresses and no paths",
      );
  for (const file of [".npmrc", ".yarnrc", ".yarnrc.yml", "bunfig.toml", ".pnpmfile.cjs"])
    if (await isFile(join(dir, file)))
      throw refused(file, null, "a project's own settings of the installation are not allowed");
  const { name, lock } = await packagerOf(dir, found);
  const packages = name === "npm" && lock !== null ? readLock(lock.text) : null;
  if (packages === null)
    throw refused(
      asked[0]?.[0] ?? "",
      "package.json",
      "with a list of allowed packages a package-lock.json (npm 7 or later) must name all that is installed",
    );
  const registries = await registriesOf(env);
  for (const [path, one] of packages)
    checkLocked(list, path, one, { packages, registries, file: lock?.name ?? "" });
}

function readLock(text: string): Map<string, Locked> | null {
  try {
    const { packages } = JSON.parse(text) as { packages?: Record<string, Locked> };
    return packages === undefined ? null : new Map(Object.entries(packages).filter(([path]) => path !== ""));
  } catch {
    return null;
  }
}

function checkLocked(
  list: AllowList,
  path: string,
  one: Locked,
  lock: { packages: Map<string, Locked>; registries: string[]; file: string },
): void {
  const installed = path.split("node_modules/").at(-1) ?? path;
  // An alias has another name than its folder.
  const name = one.name ?? installed;
  const label = one.version === undefined ? name : `${name}@${one.version}`;
  if (one.link === true || !path.includes("node_modules/") || one.version === undefined)
    throw refused(label, lock.file, "only packages of the registry are allowed, no addresses and no paths");
  const isBundled = (one.inBundle === true || one.bundled === true) && one.resolved === undefined;
  const isRegistry = lock.registries.some((origin) => one.resolved?.startsWith(`${origin}/${name}/-/`));
  if (!isBundled && !isRegistry)
    throw refused(label, lock.file, "only packages of the registry are allowed, no addresses and no paths");
  const reason = list.whyNotNpm(name, one.version);
  if (reason === null) return;
  const from = whoNeeds(installed, lock.packages);
  throw refused(
    label,
    lock.file,
    reason === NOT_LISTED && from !== null ? `${from} needs it, and ${reason}` : reason,
  );
}

/** Null where the project itself asks for it. */
function whoNeeds(name: string, packages: Map<string, Locked>): string | null {
  for (const [path, { dependencies, optionalDependencies }] of packages)
    if (name in { ...dependencies, ...optionalDependencies })
      return path.split("node_modules/").at(-1) ?? path;
  return null;
}

/** npm's built-in one, which npm replaces by the machine's own, and that one; without a slash at the end. */
async function registriesOf(env: NodeJS.ProcessEnv): Promise<string[]> {
  const unset = Object.keys(env).filter((name) => /^npm_config_/i.test(name));
  const plain = Object.fromEntries(Object.entries(env).filter(([name]) => !unset.includes(name)));
  const found = await Promise.all([
    registryOf(plain, ["--userconfig", "/nowhere/user", "--globalconfig", "/nowhere/global"]),
    registryOf(env, []),
  ]);
  return found.filter((url) => /^https?:\/\//.test(url));
}

/** Empty where npm can't tell. */
const registryOf = (env: NodeJS.ProcessEnv, options: string[]): Promise<string> =>
  runCommand("npm", ["config", "get", "registry", ...options], { cwd: "/", env, timeoutMs: 20_000 }).then(
    ({ stdout }) => stdout.trim().replace(/\/+$/, ""),
    () => "",
  );
