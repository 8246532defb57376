// What package.json says, read with care: nobody has checked its shape.
import { join } from "node:path";
import { readText } from "../folder.ts";

export interface Package {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  /** devDependencies. */
  development: Record<string, string>;
  main: string | null;
  /** `engines.node`. */
  engine: string | null;
  /** `packageManager`, e.g. pnpm@9.1.0. */
  manager: string | null;
  /** The parts that decide what is installed, as text. */
  installText: string;
}

const INSTALL_KEYS = [
  ..."dependencies devDependencies optionalDependencies peerDependencies overrides resolutions".split(" "),
  ..."pnpm workspaces packageManager".split(" "),
];

/** Null when there is none; `error` is set when it can't be read. */
export async function readPackage(dir: string): Promise<{ package: Package; error: string | null } | null> {
  const text = await readText(join(dir, "package.json"));
  if (text === null) return null;
  try {
    const file: unknown = JSON.parse(text);
    if (typeof file !== "object" || file === null || Array.isArray(file)) throw new Error("it is no object");
    return { package: shape(file as Record<string, unknown>), error: null };
  } catch (error) {
    return { package: shape({}), error: `package.json: ${(error as Error).message}` };
  }
}

function shape(file: Record<string, unknown>): Package {
  const install = Object.fromEntries(INSTALL_KEYS.map((key) => [key, file[key]]));
  return {
    scripts: texts(file.scripts),
    dependencies: { ...texts(file.optionalDependencies), ...texts(file.dependencies) },
    development: texts(file.devDependencies),
    main: typeof file.main === "string" ? file.main : null,
    engine: texts(file.engines).node ?? null,
    manager: typeof file.packageManager === "string" ? file.packageManager : null,
    installText: JSON.stringify(install),
  };
}

function texts(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (pair): pair is [string, string] => typeof pair[1] === "string" && pair[1].trim() !== "",
    ),
  );
}

export const dependsOn = (found: Package, ...names: string[]): boolean =>
  names.some((name) => name in found.dependencies || name in found.development);
