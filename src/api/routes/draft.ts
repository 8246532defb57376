// /api/apps/{id}/draft: code that is saved and not deployed.
import type { FastifyReply } from "fastify";
import * as z from "zod";
import type { Context } from "../../context.ts";
import type { App } from "../../domain/app.ts";
import { findApp } from "../../operations/find-app.ts";
import { discardDraft, saveDraft } from "../../operations/save-draft.ts";
import { showDraft } from "../../operations/show-draft.ts";
import type { Routes } from "../api.ts";
import { Files, FilesPatch, readFiles } from "../schemas/files.ts";
import { AppParams, answers, NoQuery } from "../schemas/parts.ts";
import { Draft } from "../schemas/release.ts";

/** Code typed in an editor, in JSON. Larger code comes as an archive. */
export const FILES_LIMIT = 32 * 1024 * 1024;

const schemaOf = (summary: string) =>
  ({ tags: ["code"], summary, params: AppParams, querystring: NoQuery }) as const;

export const draftRoutes: Routes = (api, { context, auth }) => {
  const config = { access: "person" } as const;
  api.get(
    "/api/apps/:id/draft",
    {
      config,
      schema: {
        ...schemaOf("Its draft, else the code that is deployed"),
        response: answers(200, Draft),
      },
    },
    async ({ params }, reply) => await answer(context, findApp(context, params.id), reply),
  );

  const save = (method: "PUT" | "PATCH", summary: string, files: typeof Files | typeof FilesPatch) =>
    api.route({
      method,
      url: "/api/apps/:id/draft",
      bodyLimit: FILES_LIMIT,
      config,
      schema: { ...schemaOf(summary), body: z.strictObject({ files }), response: answers(200, Draft) },
      handler: async (request, reply) => {
        const app = findApp(context, request.params.id);
        const change = { files: readFiles(request.body.files), replace: method === "PUT" };
        const seen = seenTree(request.headers["if-match"]);
        await saveDraft(context, app, { ...change, ...seen }, auth.actorOf(request.raw));
        return await answer(context, findApp(context, app.id), reply);
      },
    });
  save("PUT", "Saves code as the draft: these files and no others", Files);
  save("PATCH", "Changes files of the draft; what is not named stays", FilesPatch);

  api.delete(
    "/api/apps/:id/draft",
    {
      config,
      schema: { ...schemaOf("Back to the code that is deployed"), response: answers(200, Draft) },
    },
    async (request, reply) => {
      const app = findApp(context, request.params.id);
      await discardDraft(context, app, auth.actorOf(request.raw));
      return await answer(context, findApp(context, app.id), reply);
    },
  );
};

async function answer(context: Context, app: App, reply: FastifyReply): Promise<z.infer<typeof Draft>> {
  const view = await showDraft(context, app);
  reply.header("etag", `"${view.tree ?? ""}"`);
  return view;
}

/** The tree that the caller has seen (RFC 9110, section 13.1.1). */
const seenTree = (header: string | undefined): { ifMatch?: string[] } =>
  header === undefined || header.trim() === "*" ? {} : { ifMatch: tagsOf(header) };

/** Without their quotes. A weak tag is never equal. */
const tagsOf = (header: string): string[] =>
  header.split(",").map((tag) => tag.trim().replace(/^"(.*)"$/, "$1"));
