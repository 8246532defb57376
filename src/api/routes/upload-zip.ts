// /api/apps/upload/zip: an archive that a person sends, into an app that is there or a new one.
import multipart from "@fastify/multipart";
import * as z from "zod";
import { GantryError } from "../../domain/errors.ts";
import { nameFromFolder } from "../../domain/name.ts";
import { checkSubfolder } from "../../domain/subfolder.ts";
import { deployArchive } from "../../operations/deploy-source.ts";
import type { ApiParts, Routes } from "../api.ts";
import { about, delivered, receiverOf, uploadSchema } from "../delivery.ts";
import { HttpProblem } from "../problem.ts";
import { receiveUpload, type Upload } from "../receive-upload.ts";
import { Message } from "../schemas/release.ts";

/** Fields of a form are texts. */
const truth = (field: string, otherwise: boolean) =>
  z
    .enum(["true", "false"], `${field}: it must be true or false`)
    .default(otherwise ? "true" : "false")
    .transform((text) => text === "true");

const FormFields = z.strictObject({
  app: about.app,
  name: about.name,
  message: Message,
  start: truth("start", true),
  deploy: truth("deploy", true),
  subfolder: z.string().default(""),
  config: z.exactOptional(z.string()),
});

const Form = z.any().meta({
  type: "object",
  required: ["file"],
  properties: {
    file: { type: "string", format: "binary", description: "A ZIP archive" },
    app: { type: "string", description: "Id or name of the app that gets the code; else a new one" },
    name: { type: "string", description: "Name of the new app; default: the file's name" },
    subfolder: { type: "string", description: "The folder in it that is the app" },
    config: { type: "string", description: "Of the new app: JSON, as in gantry.yaml" },
    message: { type: "string" },
    start: { type: "string", enum: ["true", "false"], default: "true" },
    deploy: { type: "string", enum: ["true", "false"], default: "true" },
  },
});

export const uploadZipRoutes: Routes = (api, parts) => {
  void api.register(multipart);
  api.post(
    "/api/apps/upload/zip",
    {
      config: { access: "person", upload: true },
      schema: {
        ...uploadSchema("Takes a ZIP archive and deploys it"),
        consumes: ["multipart/form-data"],
        body: Form,
      },
    },
    async (request, reply) => {
      const { home, maxUploadMb } = parts.context.settings;
      const limits = { home, maxBytes: maxUploadMb * 1_048_576 };
      return await receiveUpload(request, limits, async (upload) => {
        const delivery = await deploy(parts, upload, parts.auth.actorOf(request.raw));
        return delivered(parts.context, reply, delivery);
      });
    },
  );
};

function deploy({ context }: ApiParts, { file, filename, fields }: Upload, actor: string) {
  const { subfolder, config, ...given } = readFields(fields);
  const name = given.name ?? nameFromFolder(`/${(filename ?? "app").replace(/\.zip$/i, "")}`);
  const input = config === undefined ? {} : { config: readJson(config) };
  const receiver = receiverOf(context, { ...given, name, ...input });
  return deployArchive(
    context,
    receiver,
    { ...given, file, filename, subfolder: checkSubfolder(subfolder) },
    actor,
  );
}

function readFields(fields: Record<string, string>): z.infer<typeof FormFields> {
  const read = FormFields.safeParse(fields);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const field = issue?.code === "unrecognized_keys" ? issue.keys[0] : String(issue?.path[0] ?? "");
  throw new GantryError("invalid-input", {
    reason:
      issue?.code === "unrecognized_keys" ? `there is no field ${field}` : `${field}: ${issue?.message}`,
    field,
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpProblem("malformed", { reason: "config is no JSON" });
  }
}
