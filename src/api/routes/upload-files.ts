// /api/apps/upload/files: code that was typed, into an app that is there or a new one.
import * as z from "zod";
import { deployFiles } from "../../operations/deploy-files.ts";
import type { Routes } from "../api.ts";
import { about, delivered, receiverOf, uploadSchema } from "../delivery.ts";
import { Files, readFiles } from "../schemas/files.ts";
import { FILES_LIMIT } from "./draft.ts";

const FilesBody = z.strictObject({ ...about, files: Files });

export const uploadFilesRoutes: Routes = (api, { context, auth }) => {
  api.post(
    "/api/apps/upload/files",
    {
      bodyLimit: FILES_LIMIT,
      config: { access: "person" },
      schema: { ...uploadSchema("Takes files of code and deploys them"), body: FilesBody },
    },
    async ({ body, raw }, reply) => {
      const receiver = receiverOf(context, body);
      const order = { ...body, files: readFiles(body.files) };
      return delivered(context, reply, await deployFiles(context, receiver, order, auth.actorOf(raw)));
    },
  );
};
