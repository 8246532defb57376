// /api/validate: what is wrong with code, before it is deployed.
import * as z from "zod";
import { GantryError } from "../../domain/errors.ts";
import { findApp } from "../../operations/find-app.ts";
import {
  type Validation,
  validateApp,
  validateFiles,
  validateFolder,
} from "../../operations/validate-code.ts";
import type { Routes } from "../api.ts";
import { Detection } from "../schemas/detection.ts";
import { Files, FilesPatch, readFiles } from "../schemas/files.ts";
import { AppParams, answers, NoQuery, optionalBody } from "../schemas/parts.ts";
import { DiagnosticSchema } from "../schemas/release.ts";
import { FILES_LIMIT } from "./draft.ts";

const Answer = z
  .object({
    ok: z.boolean().describe("Nothing was found that would surely keep the app from starting"),
    diagnostics: z.array(DiagnosticSchema).describe("By file and line; those of the app as a whole first"),
    detection: Detection.nullable().describe("What would run"),
    durationMs: z.number(),
  })
  .meta({ id: "Validation" }) satisfies z.ZodType<Validation>;

const AppBody = optionalBody(
  z.strictObject({
    files: z.exactOptional(FilesPatch.describe("What is not saved yet, over the draft; null removes a file")),
  }),
);

const Body = z.strictObject({
  files: z.exactOptional(Files),
  path: z.exactOptional(z.string().min(1).max(4_096).describe("Instead of files: an absolute folder")),
  run: z.string().max(10_000).nullable().default(null),
  entry: z.string().max(200).nullable().default(null),
});

const config = { access: "person" } as const;

export const validateRoutes: Routes = (api, { context }) => {
  api.post(
    "/api/apps/:id/validate",
    {
      config,
      bodyLimit: FILES_LIMIT,
      schema: {
        tags: ["code"],
        summary: "What is wrong with its draft, or with what an editor holds; nothing is saved",
        params: AppParams,
        querystring: NoQuery,
        body: AppBody,
        response: answers(200, Answer),
      },
    },
    async ({ params, body }) => {
      const files = body?.files === undefined ? null : readFiles(body.files);
      return await validateApp(context, findApp(context, params.id), files);
    },
  );

  api.post(
    "/api/validate",
    {
      config,
      bodyLimit: FILES_LIMIT,
      schema: {
        tags: ["code"],
        summary: "What is wrong with code that belongs to no app yet; nothing is saved",
        querystring: NoQuery,
        body: Body,
        response: answers(200, Answer),
      },
    },
    async ({ body: { files, path, run, entry } }) => {
      if ((files === undefined) === (path === undefined))
        throw new GantryError("invalid-input", { reason: "it needs files or path", field: "files" });
      const hints = { run, entry };
      return path === undefined
        ? await validateFiles(context, readFiles(files ?? {}), hints)
        : await validateFolder(context, path, hints);
    },
  );
};
