// The templates that there are, with what they say about themselves.
import type { Context } from "../context.ts";
import { GantryError } from "../domain/errors.ts";
import type { TemplateFolder, TemplateOrigin } from "../domain/template.ts";
import { parseTemplate } from "../domain/template-file.ts";

export interface TemplateView {
  name: string;
  title: string;
  description: string;
  tags: string[];
  origin: TemplateOrigin;
  /** Does it stand in for a built-in one? */
  hides: boolean;
  /** Why it can't be used. */
  problem: string | null;
}

export const showTemplates = async (context: Context): Promise<TemplateView[]> =>
  (await context.sources.templates()).map((folder) => view(context, folder));

function view({ settings }: Context, folder: TemplateFolder): TemplateView {
  const { name, origin, hides, problem } = folder;
  const bare = { name, title: name, description: "", tags: [], origin, hides, problem };
  if (problem !== null) return bare;
  try {
    const texts = { description: folder.description, manifest: null, name, place: name };
    const { title, description, tags } = parseTemplate(texts, { domain: settings.domain });
    return { ...bare, title, description, tags };
  } catch (error) {
    if (!(error instanceof GantryError)) throw error;
    return { ...bare, problem: error.message };
  }
}
