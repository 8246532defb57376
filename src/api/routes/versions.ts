// /api/apps/{id}/versions and /files: what was deployed, what is in it, and what was changed from one to the next.
import * as z from "zod";
import type { Context } from "../../context.ts";
import type { App } from "../../domain/app.ts";
import { GantryError } from "../../domain/errors.ts";
import { type AppCode, presentCode, readFile, releaseCode } from "../../operations/code-of-app.ts";
import { diffTrees } from "../../operations/diff-trees.ts";
import { findApp } from "../../operations/find-app.ts";
import { pinRelease } from "../../operations/pin-release.ts";
import { listReleases, showRelease } from "../../operations/show-releases.ts";
import type { Routes } from "../api.ts";
import { AppParams, answers, NoBody, NoQuery, Problem, whole } from "../schemas/parts.ts";
import { Change, CodeFile, Release } from "../schemas/release.ts";

const MAX_NUMBER = 1_000_000_000;

/** The number of a release in a path. */
export const VersionParams = AppParams.extend({ n: whole(1, MAX_NUMBER).describe("Number of the release") });

const DiffQuery = z.strictObject({
  with: z.exactOptional(whole(1, MAX_NUMBER)).describe("The older release; the one before it when left out"),
});

const FilesQuery = z.strictObject({
  release: z.exactOptional(whole(1, MAX_NUMBER)).describe("Number of a release; the draft when left out"),
});

const FilesAnswer = z.object({
  tree: z.string(),
  subfolder: z.string(),
  bytes: z.int(),
  files: z.array(CodeFile),
});

const config = { access: "person" } as const;

export const versionRoutes: Routes = (api, parts) => {
  const { context } = parts;
  const route = <Answer extends z.ZodType>(summary: string, answer: Answer) =>
    ({
      config,
      schema: { tags: ["code"], summary, querystring: NoQuery, response: answers(200, answer) },
    }) as const;
  const list = route("Its releases, newest first", z.object({ releases: z.array(Release) }));
  api.get(
    "/api/apps/:id/versions",
    { ...list, schema: { ...list.schema, params: AppParams } },
    async ({ params }) => ({ releases: listReleases(context, findApp(context, params.id)) }),
  );
  const one = route("One release", Release);
  api.get(
    "/api/apps/:id/versions/:n",
    { ...one, schema: { ...one.schema, params: VersionParams } },
    async ({ params }) => showRelease(context, findApp(context, params.id), params.n),
  );
  const diff = route(
    "What it changed",
    z.object({ from: z.int().nullable(), to: z.int(), changes: z.array(Change) }),
  );
  api.get(
    "/api/apps/:id/versions/:n/diff",
    { ...diff, schema: { ...diff.schema, params: VersionParams, querystring: DiffQuery } },
    async ({ params, query }) => {
      const app = findApp(context, params.id);
      return await showDiff(context, app, params.n, query.with);
    },
  );
  pinRoutes(api, parts);
  fileRoutes(api, parts);
};

const pinRoutes: Routes = (api, { context, auth }) => {
  const pin = (verb: "pin" | "unpin", summary: string) =>
    api.post(
      `/api/apps/:id/versions/:n/${verb}`,
      {
        config,
        schema: {
          tags: ["code"],
          summary,
          params: VersionParams,
          querystring: NoQuery,
          body: NoBody,
          response: answers(200, Release),
        },
      },
      async (request) => {
        const { id, n } = request.params;
        const app = findApp(context, id);
        await pinRelease(context, app, n, verb === "pin", auth.actorOf(request.raw));
        return showRelease(context, app, n);
      },
    );
  pin("pin", "Keeps a release for good");
  pin("unpin", "Lets a release go when its time has come");
};

const fileRoutes: Routes = (api, { context }) => {
  api.get(
    "/api/apps/:id/files",
    {
      config,
      schema: {
        tags: ["code"],
        summary: "The files of the draft or of a release",
        params: AppParams,
        querystring: FilesQuery,
        response: answers(200, FilesAnswer),
      },
    },
    async ({ params, query }) => {
      const { tree, subfolder } = await codeOf(context, findApp(context, params.id), query.release);
      return { tree: tree.hash, subfolder, bytes: tree.bytes, files: tree.files };
    },
  );
  api.get(
    "/api/apps/:id/files/*",
    {
      config,
      exposeHeadRoute: false,
      schema: {
        tags: ["code"],
        summary: "The content of one file",
        params: AppParams.extend({ "*": z.string().min(1).max(4_096).describe("Path of the file") }),
        querystring: FilesQuery,
        response: {
          200: {
            description: "As it was stored",
            content: { "application/octet-stream": { schema: z.string().meta({ format: "binary" }) } },
          },
          default: Problem,
        },
      },
    },
    async ({ params, query }, reply) => {
      const app = findApp(context, params.id);
      const code = await codeOf(context, app, query.release);
      const { file, content } = await readFile(context, app, code, params["*"]);
      reply.type("application/octet-stream").header("etag", `"${file.hash}"`);
      return reply.send(content as never);
    },
  );
};

async function codeOf(context: Context, app: App, release: number | undefined): Promise<AppCode> {
  const code =
    release === undefined ? await presentCode(context, app) : await releaseCode(context, app, release);
  if (code === null) throw new GantryError("code-missing", { what: `The code of ${app.name}` });
  return code;
}

async function showDiff(context: Context, app: App, to: number, given: number | undefined) {
  const from =
    given ?? listReleases(context, app).find((one) => one.number < to && one.tree !== null)?.number;
  const newer = await releaseCode(context, app, to);
  const older = from === undefined ? null : await releaseCode(context, app, from);
  const read = (tree: string, path: string): Promise<Buffer> => context.code.read(app.name, tree, path);
  return { from: from ?? null, to, changes: await diffTrees(older?.tree ?? null, newer.tree, read) };
}
