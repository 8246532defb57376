// Finds a template, by name or in a Git repository, and reads all of it. Runs nothing of it.
import type { Context } from "../context.ts";
import { closest } from "../domain/closest.ts";
import { GantryError } from "../domain/errors.ts";
import { shown } from "../domain/shown.ts";
import type { GitCredential } from "../domain/source.ts";
import { TEMPLATE_FILE, TEMPLATE_LIMITS, type Template, type TemplateFiles } from "../domain/template.ts";
import { parseTemplate } from "../domain/template-file.ts";
import { FileCollector } from "./collect-files.ts";

export type TemplateChoice =
  | { name: string }
  | { url: string; ref: string | null; subfolder: string; credential: GitCredential | null };

export interface ReadTemplate {
  template: Template;
  files: TemplateFiles;
  /** `fastapi`, or `https://…#main (1a2b3c4)`. */
  place: string;
}

/** Throws `template-missing`, `invalid-template`, `invalid-manifest`, `git-failed`, `too-large`, `invalid-path`. */
export async function readTemplate(
  context: Context,
  choice: TemplateChoice,
  signal?: AbortSignal,
): Promise<ReadTemplate> {
  const { files, place } =
    "name" in choice
      ? await readFolder(context, choice.name, signal)
      : await readRepository(context, choice, signal);
  const texts = {
    description: textOf(files, TEMPLATE_FILE),
    manifest: textOf(files, "gantry.yaml") ?? textOf(files, "gantry.yml"),
  };
  const name = "name" in choice ? choice.name : place;
  const reading = { domain: context.settings.domain };
  return { template: parseTemplate({ ...texts, name, place }, reading), files, place };
}

type Found = Omit<ReadTemplate, "template">;

async function readFolder(context: Context, name: string, signal?: AbortSignal): Promise<Found> {
  const all = await context.sources.templates();
  const folder = all.find((each) => each.name === name);
  if (folder === undefined) throw missing(name, closest(name, namesOf(all)));
  if (folder.problem !== null)
    throw new GantryError("invalid-template", { template: name, reason: folder.problem });
  const collector = new FileCollector(TEMPLATE_LIMITS, `The template ${name}`);
  await context.sources.folder(folder.path, collector, signal);
  return { files: collector.collected, place: name };
}

async function readRepository(
  context: Context,
  { url, ref, subfolder, credential }: Extract<TemplateChoice, { url: string }>,
  signal?: AbortSignal,
): Promise<Found> {
  const collector = new FileCollector(TEMPLATE_LIMITS, "The template");
  const order = { url, ref, credential, onProgress: () => {}, ...(signal && { signal }) };
  const { commit } = await context.sources.git(order, collector);
  const place = `${url}${ref === null ? "" : `#${ref}`} (${commit.slice(0, 7)})`;
  const files = inFolder(collector.collected, subfolder);
  if (files.size > 0) return { files, place };
  const reason = subfolder === "" ? "there is no file in it" : `there is no folder ${shown(subfolder)} in it`;
  throw new GantryError("invalid-template", { template: place, reason, field: "subfolder" });
}

const namesOf = (folders: { name: string; problem: string | null }[]): string[] =>
  folders.filter(({ problem }) => problem === null).map(({ name }) => name);

const missing = (name: string, near: string | undefined): GantryError =>
  new GantryError("template-missing", {
    template: shown(name),
    field: "template",
    ...(near !== undefined && { hint: `Did you mean ${near}?` }),
  });

function inFolder(files: TemplateFiles, folder: string): TemplateFiles {
  if (folder === "") return files;
  const found = [...files].filter(([path]) => path.startsWith(`${folder}/`));
  return new Map(found.map(([path, file]) => [path.slice(folder.length + 1), file]));
}

const textOf = (files: TemplateFiles, path: string): string | null =>
  files.get(path)?.content.toString("utf8") ?? null;
