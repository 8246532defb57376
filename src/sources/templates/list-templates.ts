// The templates that there are: built-in ones, and own ones in the home.
import { constants } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { shown } from "../../domain/shown.ts";
import {
  isTemplateName,
  TEMPLATE_FILE,
  type TemplateFolder,
  type TemplateOrigin,
} from "../../domain/template.ts";

const MAX_BYTES = 1_024 * 1_024;
const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;

/** Sorted by name. A missing folder holds none; what begins with a dot is none. */
export async function listTemplates(places: { builtIn: string; own: string }): Promise<TemplateFolder[]> {
  const [builtIn, own] = await Promise.all([
    templatesIn(places.builtIn, "built-in"),
    templatesIn(places.own, "own"),
  ]);
  const all = new Map(builtIn.map((each) => [each.name, each]));
  for (const each of own) all.set(each.name, { ...each, hides: all.has(each.name) });
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function templatesIn(folder: string, origin: TemplateOrigin): Promise<TemplateFolder[]> {
  const names = await readdir(folder).catch(() => []);
  const found = names
    .filter((name) => !name.startsWith("."))
    .map(async (name): Promise<TemplateFolder[]> => {
      const path = join(folder, name);
      const isFolder = await stat(path).then(
        (facts) => facts.isDirectory(),
        () => false,
      );
      if (!isFolder) return [];
      const template = { name, path, origin, hides: false };
      return [{ ...template, ...(await describe(name, path)) }];
    });
  return (await Promise.all(found)).flat();
}

async function describe(
  name: string,
  path: string,
): Promise<Pick<TemplateFolder, "description" | "problem">> {
  if (!isTemplateName(name))
    return { description: null, problem: `${shown(name)} is no name: use letters, digits, hyphens and dots` };
  try {
    return { description: await readDescription(join(path, TEMPLATE_FILE)), problem: null };
  } catch (error) {
    return { description: null, problem: `template.yaml ${reasonOf(error)}` };
  }
}

/** Null where there is none. */
async function readDescription(file: string): Promise<string | null> {
  // A FIFO would be waited for.
  const opened = await open(file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  });
  if (opened === null) return null;
  try {
    const facts = await opened.stat();
    if (!facts.isFile()) throw new RangeError("is no file");
    if (facts.size > MAX_BYTES) throw new RangeError("is larger than 1 MiB");
    return await opened.readFile("utf8");
  } finally {
    await opened.close();
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return error.message;
  return (error as NodeJS.ErrnoException).code === "ELOOP" ? "is a link" : "can't be read";
}
