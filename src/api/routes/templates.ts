// Templates, and new apps from them.
import * as z from "zod";
import { GantryError } from "../../domain/errors.ts";
import { checkGitRef } from "../../domain/git-ref.ts";
import { parseGitUrl } from "../../domain/git-url.ts";
import { checkSubfolder } from "../../domain/subfolder.ts";
import { newFromTemplate } from "../../operations/new-from-template.ts";
import type { TemplateChoice } from "../../operations/read-template.ts";
import { showTemplates, type TemplateView } from "../../operations/show-templates.ts";
import type { Routes } from "../api.ts";
import { Delivered, delivered } from "../delivery.ts";
import { AbsolutePath, answers, NoQuery } from "../schemas/parts.ts";

const Template = z
  .object({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    tags: z.array(z.string()),
    origin: z.enum(["built-in", "own"]).describe("own: from templates/ in Gantry's home"),
    hides: z.boolean().describe("Does it stand in for a built-in one of that name?"),
    problem: z.string().nullable().describe("Why it can't be used"),
  })
  .meta({ id: "Template" }) satisfies z.ZodType<TemplateView>;

const NewBody = z
  .strictObject({
    template: z.exactOptional(z.string().min(1).max(200)).describe("Its name"),
    url: z.exactOptional(z.string()).describe("Or a Git repository: https, ssh or a folder of this machine"),
    ref: z.exactOptional(z.string().nullable()).describe("Branch, tag or commit of the repository"),
    subfolder: z.exactOptional(z.string()).describe("The folder in the repository that is the template"),
    name: z.string().max(200).describe("Name of the new app"),
    folder: z
      .exactOptional(AbsolutePath)
      .describe("A new folder of this machine that the app lives in; without one Gantry keeps the code"),
    start: z.boolean().default(true).describe("Start the app"),
  })
  .meta({ id: "NewApp" });

const Answer = Delivered.extend({
  deployment: Delivered.shape.deployment.describe("null with a folder and start: false"),
  folder: z.string().nullable(),
  files: z.array(z.string()).describe("Paths of the app's files"),
  passwords: z
    .record(z.string(), z.string())
    .describe("Secrets that a person needs, this once; nothing shows them again"),
  template: z.string().describe("Which one it was; of a repository with the commit"),
});

export const templateRoutes: Routes = (api, { context, auth }) => {
  api.get(
    "/api/templates",
    {
      config: { access: "person" },
      schema: {
        tags: ["code"],
        summary: "Templates for new apps: built-in ones and own ones",
        querystring: NoQuery,
        response: answers(200, z.object({ templates: z.array(Template) })),
      },
    },
    async () => ({ templates: await showTemplates(context) }),
  );

  api.post(
    "/api/apps/new",
    {
      config: { access: "person" },
      schema: {
        tags: ["code"],
        summary: "Makes an app from a template and deploys it",
        querystring: NoQuery,
        body: NewBody,
        response: answers(202, Answer),
      },
    },
    async ({ body, raw }, reply) => {
      const order = {
        choice: choiceOf(body),
        name: body.name,
        folder: body.folder ?? null,
        start: body.start,
      };
      const made = await newFromTemplate(context, order, auth.actorOf(raw));
      const { folder, files, passwords, template } = made;
      return { ...delivered(context, reply, made), folder, files, passwords, template };
    },
  );
};

function choiceOf(body: z.infer<typeof NewBody>): TemplateChoice {
  const { template, url, ref = null, subfolder = "" } = body;
  if (template !== undefined && url === undefined) {
    const field = ref !== null ? "ref" : subfolder !== "" ? "subfolder" : null;
    if (field === null) return { name: template };
    throw new GantryError("invalid-input", { reason: `${field}: it goes with url only`, field });
  }
  if (url === undefined || template !== undefined)
    throw new GantryError("invalid-input", {
      reason: "template: either it or url must be given",
      field: "template",
    });
  const location = parseGitUrl(url);
  return {
    url: location.url,
    ref: ref === null ? null : checkGitRef(ref),
    subfolder: checkSubfolder(subfolder),
    credential: location.credential,
  };
}
