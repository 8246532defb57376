// /api/apps/upload/git: a repository, into an app that is there or a new one.
import * as z from "zod";
import { checkGitCredential } from "../../domain/git-credential.ts";
import { checkGitRef } from "../../domain/git-ref.ts";
import { parseGitUrl } from "../../domain/git-url.ts";
import { nameFromFolder } from "../../domain/name.ts";
import type { GitCredential } from "../../domain/source.ts";
import { checkSubfolder } from "../../domain/subfolder.ts";
import { deployGit } from "../../operations/deploy-source.ts";
import type { Routes } from "../api.ts";
import { about, delivered, receiverOf, uploadSchema } from "../delivery.ts";

const Credential = z.union([
  z.strictObject({ username: z.string().default(""), password: z.string() }),
  z.strictObject({ privateKey: z.string() }),
]);

const GitBody = z.strictObject({
  ...about,
  url: z.string().describe("https, ssh or a folder of this machine"),
  ref: z.string().nullable().default(null).describe("Branch, tag or commit; null: the default branch"),
  subfolder: z.string().default("").describe("The folder in it that is the app"),
  credential: Credential.nullable().default(null).describe("Kept encrypted, never shown"),
});

export const uploadGitRoutes: Routes = (api, { context, auth }) => {
  api.post(
    "/api/apps/upload/git",
    {
      config: { access: "person" },
      schema: { ...uploadSchema("Takes a repository and deploys it"), body: GitBody },
    },
    async ({ body, raw }, reply) => {
      const location = parseGitUrl(body.url);
      const credential = body.credential === null ? location.credential : readCredential(body.credential);
      if (credential !== null) checkGitCredential(credential, location);
      const ref = body.ref === null ? null : checkGitRef(body.ref);
      const order = {
        ...body,
        url: location.url,
        ref,
        subfolder: checkSubfolder(body.subfolder),
        credential,
      };
      const receiver = receiverOf(context, { ...body, name: body.name ?? nameOf(location.url) });
      return delivered(context, reply, await deployGit(context, receiver, order, auth.actorOf(raw)));
    },
  );
};

const readCredential = (given: z.infer<typeof Credential>): GitCredential =>
  "privateKey" in given ? { type: "key", ...given } : { type: "token", ...given };

/** `https://host/me/notes.git` → `notes`. */
function nameOf(url: string): string {
  const path = url.replace(/[?#].*$/, "").replace(/\/+$/, "");
  return nameFromFolder(`/${path.replace(/^.*[/:]/, "").replace(/\.git$/, "")}`);
}
