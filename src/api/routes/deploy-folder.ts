// /api/deploy: a copy of a folder of this machine, into the app that it belongs to or a new one.
import * as z from "zod";
import { deployFolder } from "../../operations/deploy-folder.ts";
import { showDeployment } from "../../operations/show-deployments.ts";
import type { Routes } from "../api.ts";
import { Delivered, delivered } from "../delivery.ts";
import { AbsolutePath, answers, NoQuery } from "../schemas/parts.ts";
import { Deployment, Message } from "../schemas/release.ts";

const FolderBody = z.strictObject({
  path: AbsolutePath.describe("A folder, or a manifest"),
  name: z
    .exactOptional(z.string().max(200))
    .describe("Which app of the manifest or folder; the name of a new one"),
  message: Message,
  start: z.boolean().default(true).describe("Start the app if it does not run"),
});

const Answer = Delivered.extend({
  deployment: Deployment,
  created: z.boolean().describe("Is it a new app?"),
});

export const deployFolderRoutes: Routes = (api, { context, auth }) => {
  api.post(
    "/api/deploy",
    {
      config: { access: "person" },
      schema: {
        tags: ["code"],
        summary: "Deploys a copy of a folder; registers it when it is new",
        querystring: NoQuery,
        body: FolderBody,
        response: answers(202, Answer),
      },
    },
    async ({ body, raw }, reply) => {
      const { created, deployment, app } = await deployFolder(context, body, auth.actorOf(raw));
      const answer = delivered(context, reply, { app, deployment });
      return { app: answer.app, deployment: showDeployment(context, deployment.id), created };
    },
  );
};
