// Apps from files of other programs, and all apps as one gantry.yaml.
import * as z from "zod";
import { exportApps } from "../../operations/export-apps.ts";
import { findApp } from "../../operations/find-app.ts";
import { importApps } from "../../operations/import-apps.ts";
import type { Routes } from "../api.ts";
import { decodeText } from "../json-body.ts";
import { AbsolutePath, answers, NoQuery, Problem } from "../schemas/parts.ts";

const ImportBody = z
  .union([
    z.strictObject({ path: AbsolutePath.describe("A file on this machine") }),
    z.strictObject({
      text: z.string(),
      name: z.exactOptional(z.string().max(200)).describe("The file's name"),
    }),
    z.string(),
  ])
  .describe("JSON, or the text itself as text/yaml");

const ImportAnswer = z.object({
  created: z.array(z.string()),
  updated: z.array(z.string()),
  warnings: z.array(z.string()),
});

const ExportQuery = z.strictObject({
  app: z.exactOptional(z.union([z.string().max(80), z.array(z.string().max(80)).max(1_000)])),
});

const YAML_TYPES = ["text/yaml", "application/yaml", "application/x-yaml", "text/x-yaml"];

export const importRoutes: Routes = (api, { context, auth }) => {
  api.addContentTypeParser(YAML_TYPES, { parseAs: "buffer" }, async (_: unknown, body: Buffer) =>
    decodeText(body),
  );

  api.post(
    "/api/apps/import-yaml",
    {
      config: { access: "person" },
      schema: {
        tags: ["apps"],
        summary: "Registers or updates the apps of a file by name; starts nothing",
        consumes: ["application/json", "text/yaml"],
        querystring: NoQuery,
        body: ImportBody,
        response: answers(200, ImportAnswer),
      },
    },
    async ({ body, raw }) => {
      const input = typeof body === "string" ? { text: body } : "path" in body ? { file: body.path } : body;
      return importApps(context, input, auth.actorOf(raw));
    },
  );

  api.get(
    "/api/export",
    {
      config: { access: "person" },
      schema: {
        tags: ["apps"],
        summary: "Apps as a gantry.yaml",
        querystring: ExportQuery,
        response: {
          200: { description: "The file", content: { "text/yaml": { schema: z.string() } } },
          default: Problem,
        },
      },
    },
    async ({ query: { app } }, reply) => {
      const names = app === undefined ? undefined : [app].flat().map((name) => findApp(context, name).name);
      reply.type("text/yaml; charset=utf-8").serializer(String);
      return exportApps(context, names);
    },
  );
};
