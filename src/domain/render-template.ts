// From the files of a template to the files of an app.
import { isUtf8 } from "node:buffer";
import { GantryError } from "./errors.ts";
import { shown } from "./shown.ts";
import { TEMPLATE_FILE, type Template, type TemplateFile, type TemplateFiles } from "./template.ts";

/** What Gantry reads itself and puts in again, in its own words. */
const NOT_THE_APPS = [TEMPLATE_FILE, "gantry.yaml", "gantry.yml"];

/**
 * The app's files, sorted by path. A file named `gitignore` becomes `.gitignore`: under that name it would do its work in the
 * template already. With `withManifest` there is a gantry.yaml. Throws `invalid-template`.
 */
export function renderTemplate(
  files: TemplateFiles,
  template: Template,
  { name, place, withManifest }: { name: string; place: string; withManifest: boolean },
): TemplateFiles {
  const wrong = template.placeholders.find((path) => !files.has(path) || NOT_THE_APPS.includes(path));
  if (wrong !== undefined)
    throw new GantryError("invalid-template", {
      template: place,
      reason: `placeholders names ${shown(wrong)}, which is no file of the app`,
    });
  const rendered = new Map<string, TemplateFile>();
  for (const [path, file] of files) {
    if (NOT_THE_APPS.includes(path)) continue;
    const isListed = template.placeholders.includes(path);
    rendered.set(targetOf(path, files), isListed ? filled(file, name, { path, place }) : file);
  }
  if (rendered.size === 0)
    throw new GantryError("invalid-template", { template: place, reason: "there is no file in it" });
  if (withManifest)
    rendered.set("gantry.yaml", { content: Buffer.from(template.manifest(name)), executable: false });
  return new Map([...rendered].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function targetOf(path: string, files: TemplateFiles): string {
  if (path !== "gitignore" && !path.endsWith("/gitignore")) return path;
  const target = path.replace(/gitignore$/, ".gitignore");
  return files.has(target) ? path : target;
}

function filled(file: TemplateFile, name: string, { path, place }: { path: string; place: string }) {
  if (!isUtf8(file.content) || file.content.includes(0))
    throw new GantryError("invalid-template", {
      template: place,
      reason: `placeholders names ${shown(path)}, which is no text`,
    });
  return { ...file, content: Buffer.from(file.content.toString("utf8").replaceAll("{{name}}", name)) };
}
